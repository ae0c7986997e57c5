/** ln C(n, k). */
function lnChoose(n: number, k: number): number {
  return lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k);
}

const small = [0];
for (let n = 1; n <= 200; n++) small.push(small[n - 1]! + Math.log(n));

function lnFactorial(n: number): number {
  if (n <= 200) return small[n]!;
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
}

/** P(X <= k) of a binomial count. */
function binomialCdf(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  let sum = 0;
  for (let each = 0; each <= k; each++) {
    sum += Math.exp(lnChoose(n, each) + each * Math.log(p) + (n - each) * Math.log1p(-p));
  }
  return Math.min(1, sum);
}

export interface Share {
  of: number;
  hits: number;
  share: number;
  low: number;
  high: number;
}

/** A share with its exact 95 % interval (Clopper and Pearson 1934), each end by bisection. */
export function shareOf(hits: number, of: number): Share {
  const isMore = hits > of / 2;
  const [low, high] = isMore ? mirrored(bounds(of - hits, of)) : bounds(hits, of);
  return { of, hits, share: of === 0 ? Number.NaN : hits / of, low, high };
}

function mirrored([low, high]: [number, number]): [number, number] {
  return [1 - high, 1 - low];
}

function bounds(hits: number, of: number): [number, number] {
  if (of === 0) return [0, 1];
  const low = hits === 0 ? 0 : bisect((p) => 1 - binomialCdf(hits - 1, of, p) < 0.025);
  return [low, bisect((p) => binomialCdf(hits, of, p) > 0.025)];
}

function bisect(holds: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/** A chance that was found by drawing what seldom happens more often than it does, with its 95 % interval. */
export type Weighed = Share;

/** `sum` and `sumOfSquares` are of the weights of the hits. The interval is the normal one: it is wrong of few hits. */
export function weighed(of: number, sum: number, sumOfSquares: number, hits: number): Weighed {
  if (hits === 0) return shareOf(0, of);
  const share = sum / of;
  const half = 1.96 * Math.sqrt(Math.max(0, sumOfSquares / of - share ** 2) / of);
  return { of, hits, share, low: Math.max(0, share - half), high: share + half };
}

/** The value below which a share of the values lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
