/** Counts between which 95 of 100 buckets fall by chance alone; null where too little is known to say. */
export interface ExpectedBand {
  low: Array<number | null>;
  high: Array<number | null>;
}

/** Fewer buckets than this tell too little of what is usual. */
const LEAST_BUCKETS = 5;

/**
 * What to expect in each bucket by the usual ones of the `memory` buckets before it. A bucket that is not usual, such as one
 * during an incident, teaches nothing; through a long stretch of them the last that was learned holds.
 */
export function expectedBand(
  counts: readonly number[],
  isUsual: (at: number) => boolean,
  memory: number,
): ExpectedBand {
  const low: Array<number | null> = [];
  const high: Array<number | null> = [];
  const learned: number[] = [];
  let total = 0;
  counts.forEach((count, at) => {
    const known = learned.length >= LEAST_BUCKETS;
    const mean = known ? total / learned.length : 0;
    low.push(known ? poissonQuantile(mean, 0.025) : null);
    high.push(known ? poissonQuantile(mean, 0.975) : null);
    if (!isUsual(at)) return;
    learned.push(count);
    total += count;
    if (learned.length > memory) total -= learned.shift()!;
  });
  return { low, high };
}

/** Above this mean a normal law is as good as exact. */
const LARGE_MEAN = 500;
const NORMAL_975 = 1.959964;

/** The least count that a Poisson law of this mean does not exceed with this probability (0.025 or 0.975). */
export function poissonQuantile(mean: number, probability: number): number {
  if (mean <= 0) return 0;
  if (mean > LARGE_MEAN) {
    const z = probability > 0.5 ? NORMAL_975 : -NORMAL_975;
    return Math.round(mean + z * Math.sqrt(mean));
  }
  let term = Math.exp(-mean);
  let below = term;
  let count = 0;
  while (below < probability) {
    count += 1;
    term *= mean / count;
    below += term;
  }
  return count;
}
