/**
 * Concurrent control: among hosts of one stratum that crashed in one bin of time, how many had applied the update, when a
 * share `treated / eligible` of those that could crash had? Season, outages and Patch Tuesday hit both groups alike.
 */
export interface Contrast {
  /** Crashed hosts, and those among them that had applied the update. */
  crashed: number;
  crashedTreated: number;
  /** Hosts that run the update's channel, and those among them that had applied the update. */
  eligible: number;
  treated: number;
  /** The rollout has come to rest with most hosts treated: it says nothing any more. */
  settled?: boolean;
}

/**
 * Can this contrast tell anything? Not when all or none had applied. And not when most had applied and no more do: those
 * who are left may be switched off for good, cannot crash, and would make any update look guilty. Whether the rollout has
 * settled is known before a crash is seen, so leaving such contrasts out costs power only, and little: one treated crash
 * at a share of a half or more adds at most 0.29 to ln E at a rate ratio of 3.
 */
export function isTelling({ treated, eligible, settled }: Contrast): boolean {
  return treated > 0 && treated < eligible && settled !== true;
}

/**
 * Candidate rate ratios of the alternative, relative to the null's: 24 values from 1.25 to 100,000, evenly spaced in the
 * logarithm. The mixture over them costs at most ln 24 and needs no guess of the effect.
 */
export const ratioGrid: readonly number[] = Array.from({ length: 24 }, (_, j) => 1.25 * (1e5 / 1.25) ** (j / 23));
const logRatioGrid = ratioGrid.map(Math.log);

/** The log-likelihood ratios of each candidate ratio: what is added up over contrasts. */
export type LogRatios = Float64Array;

export function noEvidence(): LogRatios {
  return new Float64Array(ratioGrid.length);
}

/**
 * Adds one contrast to running sums. Null: the rate ratio is at most `nullRatio`. `sign` -1 mirrors the test: the null is
 * then "at least `nullRatio`" and the candidates lie below it.
 */
export function addContrast(sums: LogRatios, contrast: Contrast, nullRatio: number, sign: 1 | -1 = 1): void {
  const { crashed, crashedTreated, eligible, treated } = contrast;
  if (crashed === 0 || !isTelling(contrast)) return;
  const share = treated / eligible;
  const nullShare = (nullRatio * share) / (1 - share + nullRatio * share);
  for (let j = 0; j < ratioGrid.length; j++) {
    const ratio = sign === 1 ? ratioGrid[j]! : 1 / ratioGrid[j]!;
    sums[j]! += sign * crashedTreated * logRatioGrid[j]! - crashed * Math.log1p(nullShare * (ratio - 1));
  }
}

/** ln E: the logarithm of the evenly weighted mixture over the candidates. */
export function lnMixture(sums: LogRatios): number {
  return logSumExp(sums) - Math.log(ratioGrid.length);
}

/** ln of the sum of exponentials, without overflow, added in the order given. */
export function logSumExp(values: ArrayLike<number>): number {
  let most = -Infinity;
  for (let index = 0; index < values.length; index++) most = Math.max(most, values[index]!);
  if (most === -Infinity) return most;
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += Math.exp(values[index]! - most);
  return most + Math.log(sum);
}
