import type { HourState } from '../rollups/hour-states';
import { HOUR_MS } from '../rollups/hours';

const FIVE_MINUTES_MS = 300_000;

/** From where each hour of a question is read. Hours are their starts, in milliseconds since 1970. */
export interface LevelPlan {
  /** Whole hours, from `crashes_per_hour`. */
  whole: HourState[];
  /** Hours that are cut by the range or by the answer's buckets, from `crashes_per_5_minutes`. */
  fine: HourState[];
  /** Hours that are dirty, or cut within 5 minutes, from the raw rows. */
  raw: number[];
  /** Whether every bucket of the answer lies in one row of a level: then the level's count of hosts is the answer's. */
  oneRowEach: boolean;
}

/** Above this the hours no longer fit into a request: the raw rows answer. */
const MOST_HOURS = 20_000;

/**
 * Finds the coarsest level that answers exactly, hour by hour, for event time `[sinceMs, untilMs)` and buckets of so many
 * seconds (0 for none). Undefined when the levels cannot help.
 */
export function planLevels(
  hours: readonly HourState[],
  { sinceMs, untilMs, bucketSeconds }: { sinceMs: number; untilMs: number; bucketSeconds: number },
): LevelPlan | undefined {
  const bucketMs = bucketSeconds * 1_000;
  if (bucketMs % FIVE_MINUTES_MS !== 0 || hours.length > MOST_HOURS) return undefined;
  const plan: LevelPlan = { whole: [], fine: [], raw: [], oneRowEach: true };
  for (const hour of hours) {
    const isWhole = sinceMs <= hour.startMs && untilMs >= hour.startMs + HOUR_MS;
    const isCutFine = [Math.max(sinceMs, hour.startMs), Math.min(untilMs, hour.startMs + HOUR_MS)].some(
      (edge) => edge % FIVE_MINUTES_MS !== 0,
    );
    if (hour.rolledUs === undefined || isCutFine) plan.raw.push(hour.startMs);
    else if (isWhole && bucketMs % HOUR_MS === 0) plan.whole.push(hour);
    else plan.fine.push(hour);
  }
  plan.oneRowEach = isOneRowEach(plan, bucketMs);
  return plan;
}

/** Rows of a level lie in one bucket each, but several may lie in the same one; a raw hour is counted bucket by bucket. */
function isOneRowEach({ whole, fine, raw }: LevelPlan, bucketMs: number): boolean {
  if (bucketMs === 0) return whole.length + raw.length <= 1 && fine.length === 0;
  if (bucketMs === HOUR_MS) return fine.length === 0;
  return bucketMs === FIVE_MINUTES_MS;
}
