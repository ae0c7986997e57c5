import type { DetectionPolicy } from '../policy';
import { type LogRatios, type RatioGrid, coarseGrid, fineGrid, lnMixture, logSumExp } from './contrast';
import { BIN_MS } from './curve';

/**
 * Ages since applying in which a host counts as treated, in bins, half-open; with its share of the evidence. Where `first` is below 1 only
 * that part of those that have taken the update so far counts as treated, the earliest: whoever takes it later is compared with them.
 */
export interface AgeWindow {
  from: number;
  until: number;
  first: number;
  weight: number;
  grid: RatioGrid;
}

/**
 * An effect that comes a day after a rollout of an hour meets no other age: all that have the update are nearly as old. Whoever took it
 * first is harmed first, after whatever time. They count until they leave the narrow ages.
 */
const firstParts = [0.01, 0.025, 0.06, 0.15, 0.4];
/** So much of the weight of narrow ages is theirs. */
const FIRST_WEIGHT = 0.5;

const known = new WeakMap<DetectionPolicy, readonly AgeWindow[]>();

/** The ages of a policy: wide ones first, then the narrow ones, from young to old, then who took it first. Their weights sum to 1. */
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
    first: 1,
    weight: wideWeight / ageWindowsMin.length,
    grid: fineGrid,
  }));
  const narrow = Array.from({ length: count }, (_, k) => ({
    from: binsOf(fromMin * ratio ** k),
    until: binsOf(fromMin * ratio ** (k + 1)),
    first: 1,
    weight: ((1 - FIRST_WEIGHT) * narrowWeight) / count,
    grid: coarseGrid,
  }));
  const earliest = firstParts.map((first) => ({
    from: 0,
    until: binsOf(fromMin * ratio ** count),
    first,
    weight: (FIRST_WEIGHT * narrowWeight) / firstParts.length,
    grid: coarseGrid,
  }));
  return count === 0 ? wide : [...wide, ...narrow, ...earliest];
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
