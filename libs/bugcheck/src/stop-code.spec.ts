import fc from 'fast-check';
import { foldStopCodeTwin, formatStopCode, otherStops, stopCodeName, stopKind } from './stop-code';
import { liveDumpCodes, stopCodeNames } from './stop-code-table';

describe('stop codes', () => {
  it.each([
    [0x0a, 'IRQL_NOT_LESS_OR_EQUAL'],
    [0x50, 'PAGE_FAULT_IN_NONPAGED_AREA'],
    [0x7e, 'SYSTEM_THREAD_EXCEPTION_NOT_HANDLED'],
    [0x9f, 'DRIVER_POWER_STATE_FAILURE'],
    [0xd1, 'DRIVER_IRQL_NOT_LESS_OR_EQUAL'],
    [0xef, 'CRITICAL_PROCESS_DIED'],
    [0x116, 'VIDEO_TDR_FAILURE'],
    [0x124, 'WHEA_UNCORRECTABLE_ERROR'],
    [0x133, 'DPC_WATCHDOG_VIOLATION'],
    [0x139, 'KERNEL_SECURITY_CHECK_FAILURE'],
    [0x154, 'UNEXPECTED_STORE_EXCEPTION'],
    [0xc000021a, 'WINLOGON_FATAL_ERROR'],
    [0x12345678, undefined],
  ])('names %i as %s', (code, name) => expect(stopCodeName(code)).toBe(name));

  it('has names only in the form that Windows uses, and no code beyond 32 bits', () => {
    for (const [code, name] of Object.entries(stopCodeNames)) {
      expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
      expect(Number(code)).toBeLessThanOrEqual(0xffffffff);
    }
    expect(Object.keys(stopCodeNames).length).toBeGreaterThan(350);
    for (const code of liveDumpCodes) expect(stopCodeName(code)).toBeDefined();
  });

  it.each([
    [0x50, '0x00000050'],
    [0, '0x00000000'],
    [0xdeaddead, '0xDEADDEAD'],
    [0xffffffff, '0xFFFFFFFF'],
  ])('shows %i as %s', (code, shown) => expect(formatStopCode(code)).toBe(shown));

  it.each([
    [0x1000007e, 0x7e],
    [0x1000008e, 0x8e],
    [0x1000007f, 0x7f],
    [0x100000ea, 0xea],
    [0x1000009f, 0x9f],
    [0x7e, 0x7e],
    [0xdeaddead, 0xdeaddead],
    [0xc000021a, 0xc000021a],
    [0x10000000, 0x10000000],
    [0xffffffff, 0xffffffff],
  ])('folds %i to %i', (code, folded) => expect(foldStopCodeTwin(code)).toBe(folded));

  it('folds once and for all, to a code of 32 bits, and leaves the kind as it was', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.nat(0xffffffff),
          fc.nat(0x200).map((low) => 0x10000000 + low),
        ),
        (code) => {
          const folded = foldStopCodeTwin(code);
          expect(foldStopCodeTwin(folded)).toBe(folded);
          expect(folded).toBeGreaterThanOrEqual(0);
          expect(stopKind(folded)).toBe(stopKind(code));
        },
      ),
    );
  });

  it.each([
    [0x50, 'crash'],
    [0x1000007e, 'crash'],
    [0x12345678, 'crash'],
    [0xe2, 'manual'],
    [0x100000e2, 'manual'],
    [0x1c8, 'manual'],
    [0xdeaddead, 'manual'],
    [0x141, 'live_dump'],
    [0x1a8, 'live_dump'],
    [0x21c8, 'live_dump'],
    [0x124, 'hardware'],
    [0x10000124, 'hardware'],
    [0x9c, 'hardware'],
    [0x101, 'hardware'],
    [0x111, 'hardware'],
    [0x1cf, 'hardware'],
    [0x117, 'crash'],
    [0x144, 'crash'],
  ])('says of %i that it is %s', (code, kind) => expect(stopKind(code)).toBe(kind));
});

it('lists every stop that is no crash, twins included, and no other', () => {
  expect(otherStops).toEqual(expect.arrayContaining([0xe2, 0x100000e2, 0xdeaddead, 0x124, 0x10000124, 0x141]));
  expect(otherStops.every((code) => stopKind(code) !== 'crash')).toBe(true);
  for (let code = 0; code < 0x2000; code++) {
    for (const each of [code, (0x10000000 | code) >>> 0]) {
      if (stopKind(each) !== 'crash') expect(otherStops).toContain(each);
    }
  }
});
