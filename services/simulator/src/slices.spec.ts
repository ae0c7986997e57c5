import * as fc from 'fast-check';
import type { FleetRecord } from '@ringwatch/fleet';
import { cutIntoSlices, sliceLengthMs } from './slices';

const at = (arrivesAtMs: number) => ({ arrivesAtMs }) as FleetRecord;

describe('cutIntoSlices', () => {
  it('puts what arrives in one stretch together and leaves out empty stretches', () => {
    const slices = [...cutIntoSlices([0, 4999, 5000, 21_000].map(at), 0, 5000)];
    expect(slices.map(({ untilMs, records }) => [untilMs, records.map((record) => record.arrivesAtMs)])).toEqual([
      [5000, [0, 4999]],
      [10_000, [5000]],
      [25_000, [21_000]],
    ]);
  });

  it('cuts a crowded stretch for its size', () => {
    const slices = [...cutIntoSlices(new Array(12_000).fill(at(7)), 0, 5000)];
    expect(slices.map(({ untilMs, records }) => [untilMs, records.length])).toEqual([
      [5000, 5000],
      [5000, 5000],
      [5000, 2000],
    ]);
  });

  it('loses nothing, keeps the order, and puts each record before the end of its slice', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(100_000)), fc.integer({ min: 1, max: 9000 }), (times, lengthMs) => {
        const records = times.sort((a, b) => a - b).map(at);
        const slices = [...cutIntoSlices(records, 0, lengthMs)];
        expect(slices.flatMap((slice) => slice.records)).toEqual(records);
        for (const { untilMs, records: inside } of slices) {
          expect(inside.every(({ arrivesAtMs }) => arrivesAtMs < untilMs && arrivesAtMs >= untilMs - lengthMs)).toBe(
            true,
          );
        }
      }),
    ));
});

it.each([
  [1, 1000],
  [3, 3000],
  [60, 5000],
  ['max', 5000],
] as const)('a slice at speed %s spans %i ms at most', (speed, lengthMs) =>
  expect(sliceLengthMs(speed)).toBe(lengthMs),
);
