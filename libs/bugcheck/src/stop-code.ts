import { liveDumpCodes, stopCodeNames } from './stop-code-table';

/** What a stop says about a driver: only a `crash` can be a driver's fault. */
export type StopKind = 'crash' | 'manual' | 'live_dump' | 'hardware';

/** Stops that a person or a test caused: a debugger or keyboard (0xE2, 0xDEADDEAD), a long press of the power button (0x1C8). */
const manualCodes = new Set([0xe2, 0x1c8, 0xdeaddead]);
/**
 * Stops to look for in the hardware first: machine checks (0x9C), WHEA errors (0x124), NMIs (0x80, 0x111), memory (0x12B), buses
 * (0x2E), processors and watchdogs that answer no more (0x101, 0x1CF). A driver can cause the last two, seldom; counting
 * them would let every heat wave speak against the updates of the day.
 */
const hardwareCodes = new Set([0x2e, 0x80, 0x9c, 0x101, 0x111, 0x124, 0x12b, 0x1cf]);
/** Windows sets this bit on the twin of a code where the dump is a small one. */
const TWIN_BIT = 0x10000000;

/** The symbolic name of a stop code, e.g. `PAGE_FAULT_IN_NONPAGED_AREA`; undefined for a code that no document names. */
export function stopCodeName(code: number): string | undefined {
  return stopCodeNames[code];
}

/** The form in which a stop code is shown everywhere: eight hexadecimal digits, `0x00000050`. */
export function formatStopCode(code: number): string {
  return `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** The code without the twin bit, where it is the twin of a known code: 0x1000007E counts as 0x7E. */
export function foldStopCodeTwin(code: number): number {
  const twin = code & ~TWIN_BIT;
  return (code & TWIN_BIT) !== 0 && twin >>> 0 < 0x1000 && stopCodeNames[twin >>> 0] !== undefined ? twin >>> 0 : code;
}

/** Manual stops, live dumps and hardware errors are shown, but never raise a driver's incident. */
export function stopKind(code: number): StopKind {
  const folded = foldStopCodeTwin(code);
  if (manualCodes.has(folded)) return 'manual';
  if (liveDumpCodes.has(folded)) return 'live_dump';
  return hardwareCodes.has(folded) ? 'hardware' : 'crash';
}

/** Every stop code that is no driver's crash, twins included: what a question to the store leaves out. */
export const otherStops: readonly number[] = [...manualCodes, ...liveDumpCodes, ...hardwareCodes]
  .flatMap((code) => [code, (code | TWIN_BIT) >>> 0])
  .filter((code, index, all) => stopKind(code) !== 'crash' && all.indexOf(code) === index);
