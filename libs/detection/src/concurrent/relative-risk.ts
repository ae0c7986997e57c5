import { Contrast, addContrast, fineGrid, isTelling, lnMixture, noEvidence } from './contrast';

/** The crash rate ratio of hosts that applied the update to hosts that had not; `high` is null where it has no bound. */
export interface RelativeRisk {
  estimate: number;
  low: number;
  high: number | null;
}

const LEAST = 1e-3;
const MOST = 1e7;
const STEPS = 50;
/** Both ends together err in at most 5 % of cases, however often one looks. */
const LINE = Math.log(2 / 0.05);

/**
 * Conditional estimate of the rate ratio with an interval that stays valid at any time. Half a host is taken off the
 * treated, so that the estimate is finite when every crashed host had applied the update.
 */
export function relativeRisk(contrasts: readonly Contrast[]): RelativeRisk {
  const telling = contrasts.filter(isTelling);
  const observed = telling.reduce((sum, { crashedTreated }) => sum + crashedTreated, 0);
  if (observed === 0) return { estimate: 0, low: 0, high: null };
  const estimate = bisect((ratio) => expectedTreated(telling, ratio) < observed - 0.5);
  const low = bisect((ratio) => lnEvidenceOfRatio(telling, ratio, 1) >= LINE);
  const high = bisect((ratio) => lnEvidenceOfRatio(telling, ratio, -1) < LINE);
  return { estimate, low: low <= LEAST ? 0 : low, high: high >= MOST ? null : high };
}

/** How many crashed hosts that had applied the update one would see at the rate of those that had not. */
export function expectedWithoutEffect(contrasts: readonly Contrast[]): number {
  return contrasts.reduce((sum, { crashed, crashedTreated, eligible, treated }) => {
    const controls = eligible - treated;
    return controls > 0 ? sum + ((crashed - crashedTreated) * treated) / controls : sum;
  }, 0);
}

function expectedTreated(contrasts: readonly Contrast[], ratio: number): number {
  return contrasts.reduce((sum, { crashed, treated, eligible }) => {
    return sum + (crashed * ratio * treated) / (eligible - treated + ratio * treated);
  }, 0);
}

/** ln E that the ratio is above `nullRatio` (`sign` 1) or below it (-1); valid however often one looks. */
export function lnEvidenceOfRatio(contrasts: readonly Contrast[], nullRatio: number, sign: 1 | -1): number {
  const sums = noEvidence();
  for (const contrast of contrasts) addContrast(sums, contrast, nullRatio, { sign, grid: fineGrid });
  return lnMixture(sums);
}

/** The largest ratio (to 1 part in a million) up to which the condition holds; it holds below and fails above. */
function bisect(holds: (ratio: number) => boolean): number {
  let low = Math.log(LEAST);
  let high = Math.log(MOST);
  if (holds(MOST)) return MOST;
  if (!holds(LEAST)) return LEAST;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (holds(Math.exp(middle))) low = middle;
    else high = middle;
  }
  return Math.exp(low);
}
