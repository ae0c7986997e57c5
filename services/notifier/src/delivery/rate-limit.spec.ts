import fc from 'fast-check';
import { RateLimit } from './rate-limit';

/** When so many messages go out that all wait from the beginning. */
function sendingTimes(limit: RateLimit, messages: number, start = 0): number[] {
  const times: number[] = [];
  for (let now = start; times.length < messages; now = limit.freeAt(now)) {
    if (limit.freeAt(now) > now) continue;
    times.push(now);
    limit.take(now);
  }
  return times;
}

it.each([
  { rate: { perSecond: 1, burst: 1 }, times: [0, 1_000, 2_000, 3_000] },
  { rate: { perSecond: 1, burst: 3 }, times: [0, 0, 0, 1_000, 2_000] },
  { rate: { perSecond: 2, burst: 2 }, times: [0, 0, 500, 1_000] },
  { rate: undefined, times: [0, 0, 0] },
])('$rate lets messages go at $times', ({ rate, times }) =>
  expect(sendingTimes(new RateLimit(rate), times.length)).toEqual(times),
);

it('never lets more go in any time than burst and rate allow', () =>
  fc.assert(
    fc.property(
      fc.record({ perSecond: fc.integer({ min: 1, max: 20 }), burst: fc.integer({ min: 1, max: 5 }) }),
      fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 30 }),
      (rate, pauses) => {
        const limit = new RateLimit(rate);
        let now = 0;
        const times = pauses.map((pause) => {
          now = limit.freeAt(now + pause);
          limit.take(now);
          return now;
        });
        for (const [i, from] of times.entries())
          for (const [j, until] of times.entries())
            if (j >= i)
              expect(j - i + 1).toBeLessThanOrEqual(rate.burst + ((until - from) / 1000) * rate.perSecond + 1e-6);
      },
    ),
  ));

it('knows how much room there is', () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1 });
  expect(limit.roomWithin(5_000, 0)).toBe(6);
  limit.take(0);
  expect(limit.roomWithin(5_000, 0)).toBe(5);
  expect(new RateLimit(undefined).roomWithin(1, 0)).toBe(Infinity);
});
