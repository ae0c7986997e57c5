const DAY_HOURS = 24;
/** So much of the hours (days) that depart furthest is left out: past incidents. What is common, such as Patch Tuesdays, stays. */
const LEFT_OUT = 0.01;
/** Fewer days say nothing about how days differ. */
const LEAST_DAYS = 7;

/** Variance over mean, at least 1 (Poisson), of counts of an hour and of a day. */
export interface Dispersion {
  byHour: number;
  byDay: number;
}

/** How far counts per hour, and per day, departed from what was expected. */
export function dispersionOf(series: ArrayLike<number>, expected: ArrayLike<number>): Dispersion {
  const byHour = varianceOverMean(series, expected, 1);
  const enough = series.length >= LEAST_DAYS * DAY_HOURS;
  return { byHour, byDay: enough ? Math.max(byHour, varianceOverMean(series, expected, DAY_HOURS)) : byHour };
}

/** The dispersion of a count over so many hours: departures that last make longer counts vary more. */
export function dispersionOver({ byHour, byDay }: Dispersion, hours: number): number {
  const share = Math.min(1, Math.max(0, (hours - 1) / (DAY_HOURS - 1)));
  return byHour + share * (byDay - byHour);
}

function varianceOverMean(series: ArrayLike<number>, expected: ArrayLike<number>, blockHours: number): number {
  const blocks: Array<{ squared: number; expected: number }> = [];
  // Blocks are counted back from the end, so that the newest hours are in one.
  for (let end = series.length; end >= blockHours; end -= blockHours) {
    let [seen, wanted] = [0, 0];
    for (let index = end - blockHours; index < end; index++) {
      seen += series[index]!;
      wanted += expected[index]!;
    }
    blocks.push({ squared: (seen - wanted) ** 2, expected: wanted });
  }
  blocks.sort((a, b) => a.squared - b.squared || a.expected - b.expected);
  const kept = blocks.slice(0, blocks.length - Math.ceil(LEFT_OUT * blocks.length));
  const squares = kept.reduce((sum, { squared }) => sum + squared, 0);
  const mean = kept.reduce((sum, each) => sum + each.expected, 0);
  return mean === 0 ? 1 : Math.max(1, squares / mean);
}
