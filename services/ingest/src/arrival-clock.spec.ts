import fc from 'fast-check';
import { PartitionProgress, followFurthest, stampArrivals } from './arrival-clock';

const instant = fc.integer({ min: 0, max: 1_000 });

describe('stampArrivals', () => {
  it.each([
    { name: 'follows rising timestamps', clock: 10, timestamps: [11, 12, 15], receivedAt: [11, 12, 15], after: 15 },
    {
      name: 'holds where a timestamp is older',
      clock: 10,
      timestamps: [12, 5, 11, 13],
      receivedAt: [12, 12, 12, 13],
      after: 13,
    },
    { name: 'holds where all are older', clock: 10, timestamps: [1, 2], receivedAt: [10, 10], after: 10 },
    { name: 'stays where nothing came', clock: 10, timestamps: [], receivedAt: [], after: 10 },
    { name: 'takes a record without a timestamp', clock: 10, timestamps: [-1], receivedAt: [10], after: 10 },
  ])('$name', ({ clock, timestamps, receivedAt, after }) =>
    expect(stampArrivals(clock, timestamps)).toEqual({ receivedAt, clock: after }),
  );

  it('never goes back, and gives the same stamps however the batches fall', () => {
    fc.assert(
      fc.property(instant, fc.array(instant), fc.nat(), (clock, timestamps, at) => {
        const whole = stampArrivals(clock, timestamps);
        const cut = timestamps.length === 0 ? 0 : at % timestamps.length;
        const first = stampArrivals(clock, timestamps.slice(0, cut));
        const second = stampArrivals(first.clock, timestamps.slice(cut));
        expect([...first.receivedAt, ...second.receivedAt]).toEqual(whole.receivedAt);
        expect(second.clock).toBe(whole.clock);
        const all = [clock, ...whole.receivedAt, whole.clock];
        expect(all).toEqual([...all].sort((one, other) => one - other));
        whole.receivedAt.forEach((at, index) => expect(at).toBeGreaterThanOrEqual(timestamps[index]!));
      }),
    );
  });
});

describe('followFurthest', () => {
  const partitions = (list: Record<string, [clock: number, position: number]>) =>
    new Map<string, PartitionProgress>(
      Object.entries(list).map(([name, [clock, position]]) => [name, { clock, position: BigInt(position) }]),
    );
  const ends = (list: Record<string, number>) =>
    new Map(Object.entries(list).map(([name, end]) => [name, BigInt(end)]));

  it.each([
    { name: 'lifts what is read to its end', at: [10, 5], end: 5, moved: [['p', 99]] },
    { name: 'lifts what is empty', at: [0, 0], end: 0, moved: [['p', 99]] },
    { name: 'leaves what has more to read', at: [10, 4], end: 5, moved: [] },
    { name: 'leaves what is as far already', at: [99, 5], end: 5, moved: [] },
    { name: 'lifts what was read past the end of a topic that was made anew', at: [10, 7], end: 5, moved: [['p', 99]] },
  ])('$name', ({ at, end, moved }) => {
    expect([...followFurthest(partitions({ p: at as [number, number] }), 99, ends({ p: end }))]).toEqual(moved);
  });

  it('leaves a partition whose end is not known', () => {
    expect(followFurthest(partitions({ p: [10, 5] }), 99, ends({ other: 5 })).size).toBe(0);
  });

  it('never sets a clock back, nor beyond the furthest', () => {
    const progress = fc.record({ clock: instant, position: fc.bigInt({ min: 0n, max: 5n }) });
    const known = fc.dictionary(fc.constantFrom('a', 'b', 'c'), progress).map((each) => new Map(Object.entries(each)));
    const ended = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(5)).map(ends);
    fc.assert(
      fc.property(known, instant, ended, (before, furthest, end) => {
        for (const [name, clock] of followFurthest(before, furthest, end)) {
          expect(clock).toBeGreaterThan(before.get(name)!.clock);
          expect(clock).toBe(furthest);
          expect(before.get(name)!.position).toBeGreaterThanOrEqual(end.get(name)!);
        }
      }),
    );
  });
});
