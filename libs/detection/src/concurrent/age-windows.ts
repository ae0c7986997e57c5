import type { DetectionPolicy } from '../policy';
import { type LogRatios, type RatioGrid, coarseGrid, fineGrid, lnMixture, logSumExp } from './contrast';
import { BIN_MS } from './curve';

/** Ages since applying in which a host counts as treated, in bins, half-open; with its share of the evidence. */
export interface AgeWindow {
  from: number;
  until: number;
  weight: number;
  grid: RatioGrid;
}

const known = new WeakMap<DetectionPolicy, readonly AgeWindow[]>();

/** The ages of a policy: wide ones first, then the narrow ones, from young to old. Their weights sum to 1. */
export function ageWindows(policy: DetectionPolicy): readonly AgeWindow[] {
  let windows = known.get(policy);
  if (!windows) known.set(policy, (windows = windowsOf(policy)));
  return windows;
}

function windowsOf({ ageWindowsMin, narrowAges }: DetectionPolicy): AgeWindow[] {
  const { fromMin, ratio, count, weight: narrowWeight } = narrowAges;
  const wideWeight = count === 0 ? 1 : 1 - narrowWeight;
  const wide = ageWindowsMin.map(([from, until]) => ({
    from: binsOf(from),
    until: binsOf(until),
    weight: wideWeight / ageWindowsMin.length,
    grid: fineGrid,
  }));
  const narrow = Array.from({ length: count }, (_, k) => ({
    from: binsOf(fromMin * ratio ** k),
    until: binsOf(fromMin * ratio ** (k + 1)),
    weight: narrowWeight / count,
    grid: coarseGrid,
  }));
  return [...wide, ...narrow];
}

/** Is a host of this age (in bins) within a window? */
export function isIn({ from, until }: AgeWindow, ageBins: number): boolean {
  return ageBins >= from && ageBins < until;
}

/** ln E over all ages: the logarithm of the weighted mean of the windows' mixtures. */
export function lnOverAges(windows: readonly AgeWindow[], sums: readonly LogRatios[]): number {
  return logSumExp(windows.map(({ weight }, window) => Math.log(weight) + lnMixture(sums[window]!)));
}

function binsOf(minutes: number): number {
  return Math.round((minutes * 60_000) / BIN_MS);
}
