import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { startOfHour, toSeconds } from './hours';

/** An hour of event time that has, or had, bugchecks. Times are in milliseconds since 1970 unless the name says otherwise. */
export interface HourState {
  startMs: number;
  /** From when the hour's counts are, in microseconds since 1970; undefined while they are out of date. */
  rolledUs: number | undefined;
}

/**
 * The hours that `[sinceMs, untilMs)` touches, in order. To be asked before the counts are read, never together with them:
 * counts may grow newer than the state that was read, and then they are still right.
 */
export async function hourStates(db: ClickHouseClient, sinceMs: number, untilMs: number): Promise<HourState[]> {
  const rows = await ask<{ hour: number; rolled_us: number }>(db, 'rollups/hour-states', {
    since: toSeconds(startOfHour(sinceMs)),
    until: toSeconds(startOfHour(untilMs - 1)) + 3_600 - 1,
  });
  return rows.map((row) => ({ startMs: row.hour * 1_000, rolledUs: row.rolled_us || undefined }));
}
