import type { ClickHouseClient } from '@clickhouse/client';
import { type CrashFilters, parametersOf, timesOf } from '../aggregates/crash-selection';
import { ask } from '../ask';

/** A driver that crashes blame. Times are event times. */
export interface BlamedDriver {
  driver: string;
  crashes: number;
  hosts: number;
  versions: number;
  updates: number;
  firstCrashAt: Date;
  lastCrashAt: Date;
}

type Row = Omit<BlamedDriver, 'firstCrashAt' | 'lastCrashAt'> & { first_ms: number; last_ms: number };

/** Lists the drivers that crashes of this selection blame, those of most hosts first. */
export async function listDrivers(
  db: ClickHouseClient,
  selection: { filters: CrashFilters; since?: Date; until?: Date; maxRows: number },
): Promise<BlamedDriver[]> {
  const { sinceMs, untilMs } = timesOf(selection);
  const rows = await ask<Row>(db, 'drivers/list-drivers', {
    ...parametersOf({ groupBy: [], filters: selection.filters }),
    since_ms: sinceMs,
    until_ms: untilMs,
    max_rows: selection.maxRows,
  });
  return rows.map(({ first_ms, last_ms, ...rest }) => ({
    ...rest,
    firstCrashAt: new Date(first_ms),
    lastCrashAt: new Date(last_ms),
  }));
}
