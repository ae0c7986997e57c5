import { type AgeWindow, ageWindows, lnOverAges } from '../concurrent/age-windows';
import { Contrast, LogRatios, addContrast, isTelling, logSumExp } from '../concurrent/contrast';
import { DetectionPolicy, alarmLine } from '../policy';
import type { WatchedUpdate } from '../watched-update';
import { Measured, leadingBucket } from './measure';

/** How far a verdict is from another one. */
export interface Margin {
  /** ln E above the line; below it when negative. */
  overLine: number;
  /** So many more crashed hosts that had not taken the update would bring it under the line; null where none could. */
  controlCrashes: number | null;
}

/** No more than this is looked for. */
const MOST_CONTROL_CRASHES = 1_000_000;

/**
 * How many crashed hosts without the update, in the leading bucket and at the latest contrast, would bring the evidence
 * under the line. Found by halving, since each one only lowers it.
 */
export function marginOf(watched: WatchedUpdate, measured: Measured, policy: DetectionPolicy): Margin {
  const line = alarmLine(policy);
  const overLine = measured.statistic - line;
  const leading = leadingBucket(measured);
  const cells = leading?.channel === 'concurrent' && watched.cells().get(leading.bucket);
  if (overLine < 0 || !leading || !cells) return { overLine, controlCrashes: overLine < 0 ? 0 : null };
  const { ratio } = watched.nullRatio;
  const windows = ageWindows(policy);
  const sums = cells.sums(watched.exposure(), ratio);
  const latest = windows.map((_, window) => cells.contrasts(watched.exposure(), window).filter(isTelling).at(-1));
  const statisticWith = (more: number) => {
    const withMore = windows.map((each, window) => withControls(each, sums[window]!, latest[window], more, ratio));
    const own = Math.log(leading.weight) + lnOverAges(windows, withMore);
    return logSumExp(measured.buckets.map((each) => (each === leading ? own : Math.log(each.weight) + each.lnE)));
  };
  if (statisticWith(MOST_CONTROL_CRASHES) >= line) return { overLine, controlCrashes: null };
  let [low, high] = [0, MOST_CONTROL_CRASHES];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (statisticWith(middle) < line) high = middle;
    else low = middle;
  }
  return { overLine, controlCrashes: high };
}

function withControls(
  { grid }: AgeWindow,
  sums: LogRatios,
  latest: Contrast | undefined,
  crashed: number,
  nullRatio: number,
): LogRatios {
  if (!latest) return sums;
  const more = Float64Array.from(sums);
  addContrast(more, { ...latest, crashed, crashedTreated: 0 }, nullRatio, { sign: 1, grid });
  return more;
}
