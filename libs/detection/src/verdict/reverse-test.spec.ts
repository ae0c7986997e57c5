import fc from 'fast-check';
import { seeded } from '../made-up.fixture';
import { reverseTest } from './reverse-test';

const MINUTE = 60_000;
const START = Date.parse('2024-07-19T04:00:00Z');
const at = (minutes: number) => START + minutes * MINUTE;
/** So many hosts a minute from one minute to another, evenly. */
const evenly = (perMinute: number, from: number, until: number) =>
  Array.from({ length: Math.round(perMinute * (until - from)) }, (_, index) => at(from + (index + 0.5) / perMinute));
const isOver = (arrivals: number[], since: number, now: number) => {
  const { statistic, threshold } = reverseTest(arrivals, at(since), at(now));
  return statistic >= threshold;
};
/** The first minute at which it is over, of those looked at. */
const overAt = (arrivals: number[], since: number, until: number, step = 1) => {
  for (let now = since; now <= until; now += step) if (isOver(arrivals, since, now)) return now;
  return undefined;
};

describe('the reverse test', () => {
  it('takes the pace of the hour before, of as many hosts as an alarm needs, never of less than five minutes', () => {
    const pace = (arrivals: number[], since: number) => reverseTest(arrivals, at(since), at(since + 1)).pacePerMinute;
    expect(pace(evenly(2, 0, 300), 300)).toBeCloseTo(2, 1);
    expect(pace([...evenly(10, 0, 100), ...evenly(1, 100, 200)], 200)).toBeCloseTo(1, 1);
    expect(pace([0, 100, 200, 300, 400].map(at), 450)).toBeCloseTo(5 / 450, 5);
    expect(pace([0, 0.1, 0.2, 0.3, 0.4, 0.5].map(at), 1)).toBeCloseTo(6 / 5, 5);
    expect(pace([], 100)).toBe(0);
  });

  it('needs some 5.8 expected hosts where none crashed', () => {
    const { observed, expected, statistic, threshold } = reverseTest(evenly(4, 0, 60), at(60), at(66));
    expect(threshold).toBeCloseTo(4.605, 3);
    expect([observed, expected]).toEqual([0, expect.closeTo(6, 1)]);
    expect(statistic).toBeGreaterThan(threshold);
    expect(reverseTest(evenly(4, 0, 60), at(60), at(65.4)).statistic).toBeLessThan(threshold);
  });

  it.each([
    { name: 'nothing more', after: [], over: [61, 64] },
    { name: 'reports for ten more minutes', after: evenly(10, 60, 70), over: [71, 76] },
    { name: 'reports for half an hour', after: evenly(10, 60, 90), over: [91, 97] },
  ])('of 20 hosts a minute, then $name, finds the end within minutes of it', ({ after, over }) => {
    const end = overAt([...evenly(20, 0, 60), ...after], 60, 200)!;
    expect(end).toBeGreaterThanOrEqual(over[0]!);
    expect(end).toBeLessThanOrEqual(over[1]!);
  });

  it('takes hours where hosts crash once in ten minutes', () => {
    const end = overAt(evenly(0.1, 0, 600), 600, 1_200, 20)!;
    expect(end).toBeGreaterThan(600 + 120);
  });

  it('calls no end while it goes on at a quarter of what it was', () => {
    // Poisson streams at exactly a quarter: the line may be passed ever in 1 % of them.
    const random = seeded(5);
    let passed = 0;
    const RUNS = 60;
    for (let run = 0; run < RUNS; run++) {
      const arrivals = evenly(4, 0, 60);
      for (let now = 60 - Math.log(1 - random()); now < 240; now -= Math.log(1 - random())) arrivals.push(at(now));
      if (overAt(arrivals, 60, 240, 30) !== undefined) passed++;
    }
    expect(passed / RUNS).toBeLessThanOrEqual(0.01 + 3 * Math.sqrt(0.0099 / RUNS));
  });

  it('never finds an end sooner because one more host crashed', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 119_000 }), { maxLength: 60 }),
        fc.integer({ min: 60_000, max: 119_000 }),
        (seconds, more) => {
          const arrivals = [...evenly(2, 0, 60), ...seconds.map((second) => START + second * 60)];
          const without = reverseTest(arrivals, at(60), at(120));
          const withOne = reverseTest([...arrivals, START + more * 60], at(60), at(120));
          expect(withOne.statistic).toBeLessThanOrEqual(without.statistic + 1e-9);
        },
      ),
    ));

  it('does not hang on the order', () => {
    const arrivals = evenly(3, 0, 100);
    expect(reverseTest([...arrivals].reverse(), at(60), at(110))).toEqual(reverseTest(arrivals, at(60), at(110)));
  });
});
