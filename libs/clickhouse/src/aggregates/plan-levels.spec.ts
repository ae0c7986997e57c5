import fc from 'fast-check';
import { planLevels } from './plan-levels';

const hour = 3_600_000;
const minute = 60_000;
const day = Date.UTC(2026, 10, 22);
const clean = (n: number) => ({ startMs: day + n * hour, rolledUs: 1_000 + n });
const dirty = (n: number) => ({ startMs: day + n * hour, rolledUs: undefined });
const three = [clean(0), clean(1), clean(2)];
const starts = (hours: Array<{ startMs: number }>) => hours.map(({ startMs }) => (startMs - day) / hour);

describe('the plan of a question', () => {
  it.each([
    { name: 'whole hours', since: 0, until: 3 * hour, bucket: 0, whole: [0, 1, 2], fine: [], raw: [] },
    { name: 'hours by the day', since: 0, until: 3 * hour, bucket: 86_400, whole: [0, 1, 2], fine: [], raw: [] },
    { name: 'buckets within the hour', since: 0, until: 3 * hour, bucket: 300, whole: [], fine: [0, 1, 2], raw: [] },
    { name: 'buckets across hours', since: 0, until: 3 * hour, bucket: 5_400, whole: [], fine: [0, 1, 2], raw: [] },
    { name: 'ends on 5 minutes', since: 5 * minute, until: 150 * minute, bucket: 0, whole: [1], fine: [0, 2], raw: [] },
    { name: 'ends anywhere', since: 1, until: 3 * hour - 1, bucket: 0, whole: [1], fine: [], raw: [0, 2] },
  ])('$name', ({ since, until, bucket, whole, fine, raw }) => {
    const plan = planLevels(three, { sinceMs: day + since, untilMs: day + until, bucketSeconds: bucket })!;
    expect([starts(plan.whole), starts(plan.fine), plan.raw.map((ms) => (ms - day) / hour)]).toEqual([
      whole,
      fine,
      raw,
    ]);
  });

  it('reads raw rows of dirty hours only', () => {
    const range = { sinceMs: day, untilMs: day + 3 * hour, bucketSeconds: 0 };
    const plan = planLevels([clean(0), dirty(1), clean(2)], range)!;
    expect([starts(plan.whole), plan.fine, plan.raw]).toEqual([[0, 2], [], [day + hour]]);
  });

  it('leaves buckets that cut 5 minutes to the raw rows', () => {
    expect(planLevels(three, { sinceMs: day, untilMs: day + hour, bucketSeconds: 60 })).toBeUndefined();
  });

  it('reads every hour once, whatever the range', () => {
    const hours = fc.uniqueArray(fc.nat(40)).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(
        hours,
        fc.nat(40 * hour),
        fc.nat(40 * hour),
        fc.constantFrom(0, 300, 600, 3_600, 7_200),
        (known, a, b, bucket) => {
          const states = known.map((n) => (n % 3 === 0 ? dirty(n) : clean(n)));
          const range = { sinceMs: day + Math.min(a, b), untilMs: day + Math.max(a, b) + 1, bucketSeconds: bucket };
          const plan = planLevels(states, range)!;
          const read = [...plan.whole, ...plan.fine].map(({ startMs }) => startMs).concat(plan.raw);
          expect(read.sort((x, y) => x - y)).toEqual(states.map(({ startMs }) => startMs));
        },
      ),
    );
  });
});
