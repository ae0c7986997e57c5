import { afterReboot, Delay } from '../world/delay';
import { floorOf } from './floor';
import { smallestFound } from './smallest';
import { waldEvents } from './wald';

/** 19 July 2024: 8.5 million hosts take the update evenly over 78 minutes and crash after half a minute on average. */
function july(probability: number, reports: number, tellsAfter: Delay) {
  const lastsMs = 78 * 60_000;
  return floorOf({
    appliedBy: (after) => (8.5e6 * Math.min(lastsMs, Math.max(0, after))) / lastsMs,
    lastsMs,
    probability,
    reports,
    crashesAfter: { kind: 'exponential', meanMs: 30_000 },
    tellsAfter,
    basePerHostDay: 0.005 * 0.01,
  });
}

const within = (value: number, wanted: number, share: number) =>
  expect(Math.abs(value / wanted - 1)).toBeLessThanOrEqual(share);

describe('the floor', () => {
  // Seconds: median and 99 %, from a simulation of MaxSPRT made apart from this code; it has two digits.
  it.each([
    [0.9, 1, 0.43, 0.67],
    [0.1, 1, 1.24, 1.9],
    [0.01, 1, 3.9, 6.3],
    [0.001, 1, 12.6, 26],
    [1e-4, 1, 52, 82],
    [1e-5, 1, 304, 740],
    [0.9, 0.01, 4.1, 6.5],
    [0.01, 0.01, 52, 82],
  ])('of July 2024 with reports at once: %p crash, %p tell', (probability, reports, median, most) => {
    const { medianMs, p99Ms } = july(probability, reports, { kind: 'none' });
    within(medianMs / 1000, median, 0.08);
    within(p99Ms / 1000, most, 0.16);
  });

  it('is never reached where one in ten thousand crashes and one in a hundred of them tells', () =>
    expect(july(1e-4, 0.01, { kind: 'none' }).power).toBeLessThan(0.5));

  it.each([
    [0.9, 1, 15.9, 18.8],
    [0.9, 0.01, 43.4, 54.6],
    [0.1, 1, 25, 31],
    [0.1, 0.01, 79, 103],
    [0.01, 1, 42, 54],
    [0.01, 0.01, 171, 247],
    [0.001, 1, 79, 103],
  ])('of July 2024 with reports after a reboot: %p crash, %p tell', (probability, reports, median, most) => {
    const { medianMs, p99Ms } = july(probability, reports, afterReboot);
    within(medianMs / 1000, median, 0.05);
    within(p99Ms / 1000, most, 0.08);
  });
});

describe('the least events of any test', () => {
  it.each([
    [1e-3, [95.8, 35.8, 16.0, 8.53, 4.93, 2.84, 1.91, 1.17, 0.84, 0.66]],
    [1e-6, [191.5, 71.5, 32.0, 17.1, 9.85, 5.67, 3.82, 2.34, 1.68, 1.31]],
    [1e-9, [287.3, 107.3, 48.0, 25.6, 14.8, 8.51, 5.73, 3.51, 2.52, 1.97]],
  ])('at alpha %p', (alpha, wanted) => {
    for (const [index, ratio] of [1.5, 2, 3, 5, 10, 30, 100, 1e3, 1e4, 1e5].entries())
      within(waldEvents(ratio, alpha), wanted[index]!, 0.006);
  });
});

describe('the smallest effect that one look finds', () => {
  it.each([
    [1_000, 15, [1.2e-2, 1.2e-2, 1.2e-2]],
    [10_000, 240, [3.5e-3, 1.2e-3, 1.2e-3]],
    [85_000, 15, [3.4e-4, 1.4e-4, 1.4e-4]],
    [85_000, 72 * 60, [3.5e-3, 4.7e-4, 1.5e-4]],
    [1_000_000, 240, [2.4e-4, 3.5e-5, 1.2e-5]],
    [8_500_000, 15, [2.1e-5, 3.4e-6, 1.4e-6]],
    [8_500_000, 240, [8.0e-5, 9.3e-6, 2.0e-6]],
  ])('of %p hosts in %p minutes', (hosts, minutes, wanted) => {
    for (const [index, share] of [1, 0.01, 0.0001].entries())
      within(smallestFound(hosts, minutes, share), wanted[index]!, 0.07);
  });
});
