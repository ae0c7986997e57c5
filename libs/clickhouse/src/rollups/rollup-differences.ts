import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { type HourState, hourStates } from './hour-states';
import { startOfHour } from './hours';

/** A bucket whose counts say something else than the raw rows. `levelSeconds` is the width of the rollup's buckets. */
export interface RollupDifference {
  levelSeconds: 300 | 3600;
  bucket: Date;
  driver: string;
  driverVersion: string;
  updateChannel: string;
  updateVersion: string;
  rolled: { crashes: number; hosts: number };
  stored: { crashes: number; hosts: number };
}

interface Row {
  level_seconds: 300 | 3600;
  bucket: number;
  driver: string;
  driver_version: string;
  update_channel: string;
  update_version: string;
  rolled_crashes: number;
  rolled_hosts: number;
  stored_crashes: number;
  stored_hosts: number;
}

/** As many as one look at an hour can use. */
const MOST = 1_000;
/** Raw rows are kept for 90 days from storing. Counts older than this may outlive the rows that they were made from. */
const COMPARED_FOR_DAYS = 80;
const END_MS = Date.UTC(2106, 0, 1);

/**
 * Compares the counts of clean hours with the raw rows, each counted once; `hours` (any instant of an hour, milliseconds since
 * 1970) names some, else all are compared. Dirty hours have no counts that anybody reads. Marking the hour of a difference
 * (`markChangedHours`) repairs it. A block that is stored but not yet marked shows as a difference: look twice while ingest runs.
 */
export async function rollupDifferences(
  db: ClickHouseClient,
  { hours }: { hours?: Iterable<number> } = {},
): Promise<RollupDifference[]> {
  const wanted = hours && new Set([...hours].map(startOfHour));
  const youngest = (Date.now() - COMPARED_FOR_DAYS * 86_400_000) * 1_000;
  const compared = (await hourStates(db, 0, END_MS)).filter(
    ({ startMs, rolledUs = 0 }) => rolledUs > youngest && (!wanted || wanted.has(startMs)),
  );
  const found: RollupDifference[] = [];
  for (const state of compared) found.push(...(await differencesOf(db, state)));
  return found;
}

/** An hour that was rolled again or has changed while it was compared says nothing. */
async function differencesOf(db: ClickHouseClient, { startMs, rolledUs }: HourState): Promise<RollupDifference[]> {
  const values = { hour: startMs / 1_000, rolled_us: rolledUs, max_rows: MOST };
  const rows = await ask<Row>(db, 'rollups/rollup-differences', values);
  if (rows.length === 0) return [];
  const [now] = await hourStates(db, startMs, startMs + 1);
  return now?.rolledUs === rolledUs ? rows.map(toDifference) : [];
}

function toDifference(row: Row): RollupDifference {
  return {
    levelSeconds: row.level_seconds,
    bucket: new Date(row.bucket * 1_000),
    driver: row.driver,
    driverVersion: row.driver_version,
    updateChannel: row.update_channel,
    updateVersion: row.update_version,
    rolled: { crashes: row.rolled_crashes, hosts: row.rolled_hosts },
    stored: { crashes: row.stored_crashes, hosts: row.stored_hosts },
  };
}
