import * as fc from 'fast-check';
import { adoptionShare, drawMs, type Distribution } from './distribution';
import { EventQueue } from './event-queue';
import { RandomSource, Weighted } from './random';
import { seasonFactor, timeOfDayMs, weekday } from './season';

const DAY_MS = 86_400_000;

describe('RandomSource', () => {
  it('gives the same numbers for the same label, on every machine', () => {
    const random = new RandomSource('july-2024/1');
    expect([random.bits(), random.bits(), random.bits()]).toMatchInlineSnapshot(`
      [
        1134503018,
        675261800,
        1021484567,
      ]
    `);
  });

  it('forks streams that do not depend on what was drawn before', () => {
    const used = new RandomSource('a');
    used.uniform();
    expect(used.fork('b').bits()).toBe(new RandomSource('a').fork('b').bits());
    expect(used.fork('b').bits()).not.toBe(used.fork('c').bits());
  });

  it('is uniform: 64 cells of 64,000 draws, chi-square below its 1e-6 quantile', () => {
    const random = new RandomSource('uniform');
    const cells = new Array<number>(64).fill(0);
    for (let i = 0; i < 64_000; i++) cells[random.below(64)]!++;
    expect(cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(130);
  });

  it('draws by weight', () => {
    const weighted = new Weighted(['a', 'b', 'c'], (item) => ({ a: 1, b: 0, c: 3 })[item]!);
    expect([0, 0.2, 0.2499, 0.25, 0.9, 0.9999].map((point) => weighted.at(point))).toEqual([
      'a',
      'a',
      'a',
      'c',
      'c',
      'c',
    ]);
  });
});

describe('durations', () => {
  it.each<{ distribution: Distribution; median: number }>([
    { distribution: { kind: 'fixed', valueMs: 5000 }, median: 5000 },
    { distribution: { kind: 'exponential', meanMs: 10_000 }, median: 10_000 * Math.LN2 },
    { distribution: { kind: 'weibull', scaleMs: 10_000, shape: 2 }, median: 10_000 * Math.sqrt(Math.LN2) },
    { distribution: { kind: 'lognormal', medianMs: 180_000, sigma: 1 }, median: 180_000 },
  ])('$distribution.kind has the median it should have', ({ distribution, median }) => {
    const random = new RandomSource('durations');
    const draws = Array.from({ length: 20_001 }, () => drawMs(distribution, random)).sort((a, b) => a - b);
    expect(Math.abs(draws[10_000]! / median - 1)).toBeLessThan(0.04);
  });

  it.each(['linear', 'logistic', 'bursty'] as const)('%s adoption rises from 0 to 1 and never falls', (shape) =>
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        const [low, high] = [adoptionShare(shape, Math.min(a, b)), adoptionShare(shape, Math.max(a, b))];
        expect(low).toBeLessThanOrEqual(high + 1e-12);
        expect(low).toBeGreaterThanOrEqual(-1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
      }),
    ),
  );
});

describe('EventQueue', () => {
  it('gives items back by time, and those of one time in the order in which they came', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (times) => {
        const queue = new EventQueue<{ atMs: number; index: number }>();
        times.forEach((atMs, index) => queue.push(atMs, { atMs, index }));
        const popped = times.map(() => queue.pop()!);
        expect(popped).toEqual([...popped].sort((a, b) => a.atMs - b.atMs || a.index - b.index));
        expect(queue.pop()).toBeUndefined();
        expect(queue.nextAtMs).toBe(Infinity);
      }),
    ));
});

describe('season', () => {
  it('is 1 on the average of a week and stays within its amplitude', () => {
    const hours = Array.from({ length: 168 }, (_, hour) => seasonFactor(hour * 3_600_000, 0.4));
    expect(hours.reduce((sum, factor) => sum + factor, 0) / 168).toBeCloseTo(1, 9);
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(0.6);
    expect(Math.max(...hours)).toBeLessThanOrEqual(1.4);
  });

  it('knows the days of the week', () => {
    const friday = Date.parse('2024-07-19T04:09:00Z');
    expect([friday, friday + DAY_MS, friday + 2 * DAY_MS].map(weekday)).toEqual([5, 6, 0]);
    expect(timeOfDayMs(friday)).toBe((4 * 60 + 9) * 60_000);
    expect(timeOfDayMs(-1)).toBe(DAY_MS - 1);
  });
});
