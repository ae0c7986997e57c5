import fc from 'fast-check';
import { GIVE_UP_AFTER_MS, waitAfter } from './schedule';

it('starts short and grows to a minute', () =>
  expect([1, 2, 3, 4, 5, 6, 7, 8, 100].map((attempt) => waitAfter(attempt, null, 0) / 1000)).toEqual([
    1, 2, 4, 8, 15, 30, 60, 60, 60,
  ]));

it.each([
  { attempt: 1, retryAfterMs: 7_000, wait: 7_000 },
  { attempt: 7, retryAfterMs: 7_000, wait: 60_000 },
  { attempt: 1, retryAfterMs: GIVE_UP_AFTER_MS, wait: GIVE_UP_AFTER_MS },
  { attempt: 1, retryAfterMs: GIVE_UP_AFTER_MS + 1, wait: GIVE_UP_AFTER_MS },
])('waits $wait ms after attempt $attempt when asked for $retryAfterMs ms', ({ attempt, retryAfterMs, wait }) =>
  expect(waitAfter(attempt, retryAfterMs, 0)).toBe(wait),
);

it('never comes before Retry-After, and at most a fifth later than it has to', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.option(fc.integer({ min: 0, max: GIVE_UP_AFTER_MS })),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, retryAfterMs, random) => {
        const wait = waitAfter(attempt, retryAfterMs, random);
        expect(wait).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
        expect(wait).toBeLessThanOrEqual(Math.max(60_000, retryAfterMs ?? 0) * 1.2 + 1);
      },
    ),
  ));
