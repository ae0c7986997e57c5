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

/** Candidate rate ratios of the alternative, relative to the null's, and their logarithms. */
export interface RatioGrid {
  ratios: readonly number[];
  logs: readonly number[];
}

/**
 * 24 candidates from 1.25 to 100,000, evenly spaced in the logarithm. The mixture over them costs at most ln 24 and needs no
 * guess of the effect.
 */
export const ratioGrid: readonly number[] = Array.from({ length: 24 }, (_, j) => 1.25 * (1e5 / 1.25) ** (j / 23));
export const fineGrid = gridOf(ratioGrid);
/** Every fourth candidate, 5.4 to 100,000: for the many narrow ages, in which an effect that comes late is large. */
export const coarseGrid = gridOf(ratioGrid.filter((_, j) => j % 4 === 3));

function gridOf(ratios: readonly number[]): RatioGrid {
  return { ratios, logs: ratios.map(Math.log) };
}

/** The log-likelihood ratios of each candidate ratio: what is added up over contrasts. */
export type LogRatios = Float64Array;

export function noEvidence({ ratios }: RatioGrid = fineGrid): LogRatios {
  return new Float64Array(ratios.length);
}

/** The side that a test looks to, and the candidates that it tries. */
export interface TestSide {
  sign: 1 | -1;
  grid: RatioGrid;
}
const above: TestSide = { sign: 1, grid: fineGrid };

/**
 * Adds one contrast to running sums, made for the same grid. Null: the rate ratio is at most `nullRatio`. `sign` -1 mirrors
 * the test: the null is then "at least `nullRatio`" and the candidates lie below it.
 */
export function addContrast(sums: LogRatios, contrast: Contrast, nullRatio: number, { sign, grid } = above): void {
  const { crashed, crashedTreated, eligible, treated } = contrast;
  if (crashed === 0 || !isTelling(contrast)) return;
  const share = treated / eligible;
  const nullShare = (nullRatio * share) / (1 - share + nullRatio * share);
  const { ratios, logs } = grid;
  for (let j = 0; j < ratios.length; j++) {
    const ratio = sign === 1 ? ratios[j]! : 1 / ratios[j]!;
    sums[j]! += sign * crashedTreated * logs[j]! - crashed * Math.log1p(nullShare * (ratio - 1));
  }
}

/** ln E: the logarithm of the evenly weighted mixture over the candidates. */
export function lnMixture(sums: LogRatios): number {
  return logSumExp(sums) - Math.log(sums.length);
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
