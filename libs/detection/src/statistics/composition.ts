import { lnBeta } from './gamma';

/** History counts as at most so many crashes: a mix drifts, and what it was long ago is not known as well as counts say. */
const HISTORY_WORTH = 200;

/**
 * ln E that the share of one bucket among all crashes has changed, where nobody knows who took the update: `inBucket` of
 * `crashed` hosts since it was shipped, against a share `usualShare` (strictly between 0 and 1) known as well as from
 * `worth` crashes. It sees a change in either direction, so the caller has to ask that the share has risen.
 */
export function lnEvidenceOfComposition(
  inBucket: number,
  crashed: number,
  usualShare: number,
  worth = HISTORY_WORTH,
): number {
  const rest = crashed - inBucket;
  const [a, b] = [worth * usualShare, worth * (1 - usualShare)];
  return lnBeta(1 + inBucket, 1 + rest) - (lnBeta(a + inBucket, b + rest) - lnBeta(a, b));
}
