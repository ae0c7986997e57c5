import { seeded } from '../made-up.fixture';
import { forecast } from './forecast';
import { lnEvidenceOfRise } from './rate-rise';
import { riseRatio } from './rise-ratio';
import { noSeason, seasonOf } from './season';
import { clustered, hoursOf, weekly } from './made-up-hours.fixture';

const HOUR_MS = 3_600_000;
const WEEK = 168;

/** `count` hosts in the hour after `weeks` weeks of `perHour` hosts an hour. */
function evidence(count: number, { weeks, perHour }: { weeks: number; perHour: number }) {
  const series = new Float64Array(weeks * WEEK).fill(perHour);
  const from = series.length * HOUR_MS;
  return lnEvidenceOfRise({ hosts: count, from, until: from + HOUR_MS }, forecast({ since: 0, series }), 3);
}

describe('evidence that a rate has risen', () => {
  it.each([
    { name: 'nothing without a history', count: 50, weeks: 0, perHour: 0, least: 0, most: 0 },
    { name: 'less than nothing at the usual rate', count: 10, weeks: 8, perHour: 10, least: -Infinity, most: 0 },
    { name: 'less than nothing at the null ratio', count: 30, weeks: 8, perHour: 10, least: -Infinity, most: 0 },
    { name: 'enough for an alarm at ten times the rate', count: 100, weeks: 8, perHour: 10, least: 13.8, most: 60 },
    { name: 'enough for an alarm where there was none before', count: 7, weeks: 8, perHour: 0, least: 13.8, most: 60 },
  ])('$name', ({ count, weeks, perHour, least, most }) => {
    const lnE = evidence(count, { weeks, perHour });
    expect(lnE).toBeGreaterThanOrEqual(least);
    expect(lnE).toBeLessThanOrEqual(most);
  });

  it('is less the shorter the history is', () => {
    const [long, short] = [8, 1].map((weeks) => evidence(20, { weeks, perHour: 1 }));
    expect(short).toBeLessThan(long!);
    expect(evidence(7, { weeks: 1, perHour: 0 })).toBeLessThan(evidence(7, { weeks: 8, perHour: 0 }));
  });

  it('gives a ratio with an interval around it', () => {
    const series = new Float64Array(8 * WEEK).fill(10);
    const from = series.length * HOUR_MS;
    const { estimate, low, high } = riseRatio(
      { hosts: 100, from, until: from + HOUR_MS },
      forecast({ since: 0, series }),
    );
    expect(estimate).toBeCloseTo(10, 0);
    expect(low).toBeGreaterThan(5);
    expect(low).toBeLessThan(estimate);
    expect(high!).toBeGreaterThan(estimate);
    expect(high!).toBeLessThan(20);
  });
});

describe('a forecast', () => {
  it('knows the hours of the week, and a rare bucket takes them from all crashes', () => {
    const random = seeded(1);
    const all = hoursOf(8 * WEEK, (hour) => 200 * weekly(hour), random);
    const rare = hoursOf(8 * WEEK, (hour) => 0.05 * weekly(hour), random);
    const { season } = forecast({ since: 0, series: rare }, seasonOf(all, 0, noSeason));
    // The mean of `weekly` is 5.8/7; hours are looked at with their neighbours, so those at the border of a weekend differ.
    for (let hour = 12; hour < WEEK; hour += 24) expect(((season[hour]! / weekly(hour)) * 5.8) / 7).toBeCloseTo(1, 0);
  });

  it('follows growth, and takes an incident of the past neither for a rate nor for the usual spread', () => {
    const grows = Float64Array.from({ length: 8 * WEEK }, (_, hour) => 20 * (1 + hour / (8 * WEEK)));
    const grown = forecast({ since: 0, series: grows });
    expect(grown.hosts / grown.hours).toBeGreaterThan(32);
    const incident = new Float64Array(8 * WEEK).fill(5);
    for (let hour = 0; hour < 6; hour++) incident[700 + hour] = 400;
    const learned = forecast({ since: 0, series: incident });
    expect(learned.hosts / learned.hours).toBeLessThan(5.5);
    expect(learned.dispersion.byHour).toBeLessThan(2);
  });

  it.each([1.5, 2, 4])('sees a dispersion of %d', (phi) => {
    const random = seeded(2);
    const series = hoursOf(8 * WEEK, (hour) => 30 * weekly(hour), random, phi);
    const { byHour } = forecast({ since: 0, series }).dispersion;
    expect(byHour).toBeGreaterThan(0.8 * phi);
    expect(byHour).toBeLessThan(1.25 * phi);
  });
});

describe('the rate of an innocent update', () => {
  /** How many of `runs` streams ever pass ln(1/alpha) in three days, at a rate ratio of `ratio` times what was before. */
  function alarms(
    runs: number,
    { alpha, ratio, phi, perHour }: { alpha: number; ratio: number; phi: number; perHour: number },
  ) {
    let count = 0;
    for (let run = 0; run < runs; run++) {
      const random = seeded(1_000 + run);
      const before = hoursOf(8 * WEEK, (hour) => perHour * weekly(hour), random, phi);
      const learned = forecast({ since: 0, series: before });
      const from = before.length * HOUR_MS;
      let [hosts, most] = [0, -Infinity];
      for (let hour = 0; hour < 72; hour++) {
        hosts += clustered(ratio * perHour * weekly(before.length + hour), phi, random);
        const until = from + (hour + 1) * HOUR_MS;
        most = Math.max(most, lnEvidenceOfRise({ hosts, from, until }, learned, 3));
      }
      if (most >= Math.log(1 / alpha)) count++;
    }
    return count;
  }

  it.each([
    { phi: 1, perHour: 5 },
    { phi: 1.5, perHour: 0.1 },
    { phi: 2, perHour: 20 },
    { phi: 4, perHour: 5 },
  ])('at the null ratio passes alpha 0.1 at most so often (dispersion $phi, $perHour an hour)', ({ phi, perHour }) => {
    expect(alarms(60, { alpha: 0.1, ratio: 3, phi, perHour })).toBeLessThanOrEqual(11);
  });

  it('never alarms at the usual rate', () => {
    expect(alarms(30, { alpha: 0.1, ratio: 1, phi: 4, perHour: 5 })).toBe(0);
  });
});
