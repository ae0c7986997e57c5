import { foldStopCodeTwin, stopCodeName } from '@ringwatch/bugcheck';
import { UNKNOWN_DRIVER, driverName } from './driver';
import { faultAddressParameters } from './fault-address-table';
import type { Failure, PartName } from './signature';
import { statusNames, subtypes } from './subtype-table';

/** One rule: which part it makes, and the part's value; undefined where the rule does not apply. */
export interface Rule {
  name: string;
  part: PartName;
  apply(failure: Failure): string | undefined;
}

/**
 * Images that are blamed when the kernel itself noticed that something was wrong; the driver at fault is then not known.
 * They stay in the signature, since two such failures with other codes are still two.
 */
const kernelImages = /^(nt(oskrnl|krnlmp|krnlpa|krpamp)\.exe|hal\.dll|win32k(base|full)?\.sys)$/;

/** Sub-types are numbers from a short list: what is larger is an address or a count, and would be new with every boot. */
const MOST_SUBTYPE = 0xfffffn;
/** Images are loaded at page boundaries, so that the last 12 bits of an address in them are the same on every host. */
const PAGE_BITS = 12;

/**
 * The rules, in order. For each part the first rule that applies makes it; a part that none makes is left out. The order of
 * the parts in the text is that of their first rules.
 */
export const rules: readonly Rule[] = [
  {
    name: 'twin_code_folded',
    part: 'stop_code',
    apply: ({ bugcheck_code: code }) => (isTwin(code) ? named(code) : undefined),
  },
  { name: 'stop_code', part: 'stop_code', apply: ({ bugcheck_code: code }) => named(code) },

  {
    name: 'driver_unknown',
    part: 'driver',
    apply: ({ driver }) => (driverName(driver) === UNKNOWN_DRIVER ? UNKNOWN_DRIVER : undefined),
  },
  {
    name: 'noticed_by_kernel',
    part: 'driver',
    apply: ({ driver }) => (kernelImages.test(driverName(driver)) ? driverName(driver) : undefined),
  },
  { name: 'blamed_driver', part: 'driver', apply: ({ driver }) => driverName(driver) },

  { name: 'exception_status', part: 'subtype', apply: exceptionStatus },
  { name: 'named_parameter', part: 'subtype', apply: namedParameter },
  { name: 'numbered_parameter', part: 'subtype', apply: numberedParameter },

  { name: 'fault_offset', part: 'offset', apply: faultOffset },
  { name: 'offset_in_page', part: 'offset', apply: offsetInPage },
];

function isTwin(code: number): boolean {
  return foldStopCodeTwin(code) !== code;
}

/** `0x50 PAGE_FAULT_IN_NONPAGED_AREA`; a code that no document names is shown as its number. */
function named(code: number): string {
  const folded = foldStopCodeTwin(code);
  const name = stopCodeName(folded);
  return name === undefined ? hex(folded) : `${hex(folded)} ${name}`;
}

function exceptionStatus(failure: Failure): string | undefined {
  const value = subtypeValue(failure, 'status');
  if (value === undefined) return undefined;
  const status = BigInt.asUintN(32, value);
  // A 32-bit status comes alone or with its sign carried to 64 bits; anything else is an address.
  if (value !== status && value !== BigInt.asUintN(64, BigInt.asIntN(32, status))) return undefined;
  return statusNames[Number(status)] ?? hex(status);
}

function namedParameter(failure: Failure): string | undefined {
  const value = subtypeValue(failure, 'number');
  return value === undefined || value > MOST_SUBTYPE ? undefined : subtypeOf(failure)!.names?.[Number(value)];
}

function numberedParameter(failure: Failure): string | undefined {
  const value = subtypeValue(failure, 'number');
  return value === undefined || value > MOST_SUBTYPE ? undefined : hex(value);
}

function subtypeOf({ bugcheck_code }: Failure) {
  return subtypes[foldStopCodeTwin(bugcheck_code)];
}

function subtypeValue(failure: Failure, kind: 'status' | 'number'): bigint | undefined {
  const subtype = subtypeOf(failure);
  return subtype?.kind === kind ? failure.bugcheck_parameters[subtype.parameter - 1] : undefined;
}

/** An offset says something only within a driver that is known. */
function faultOffset({ driver, fault_offset: offset }: Failure): string | undefined {
  return offset === null || driverName(driver) === UNKNOWN_DRIVER ? undefined : `+0x${offset.toString(16)}`;
}

function offsetInPage({ driver, bugcheck_code, bugcheck_parameters }: Failure): string | undefined {
  const parameter = faultAddressParameters[foldStopCodeTwin(bugcheck_code)];
  const address = parameter === undefined ? undefined : bugcheck_parameters[parameter - 1];
  if (address === undefined || address === 0n || driverName(driver) === UNKNOWN_DRIVER) return undefined;
  return `+…${BigInt.asUintN(PAGE_BITS, address)
    .toString(16)
    .padStart(PAGE_BITS / 4, '0')}`;
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16).toUpperCase()}`;
}
