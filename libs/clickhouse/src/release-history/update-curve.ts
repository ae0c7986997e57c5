import type { ClickHouseClient } from '@clickhouse/client';
import type { Update } from '@ringwatch/rollout';
import { ask } from '../ask';
import { crashCountsForDays } from './crashed-after-applying';

/** One bucket of an update's life. Buckets in which nothing happened are left out. */
export interface CurvePoint {
  bucketStart: Date;
  newlyApplied: number;
  crashes: number;
  crashedHosts: number;
}

interface Row {
  bucket_start_ms: number;
  newly_applied: number;
  crashes: number;
  crashed_hosts: number;
}

/** Counts first installs and the crashes that followed them, by bucket of event time, earliest first. */
export async function updateCurve(
  db: ClickHouseClient,
  update: Update,
  options: { bucketSeconds: number; maxRows: number; orgs?: readonly string[] },
): Promise<CurvePoint[]> {
  const rows = await ask<Row>(db, 'release-history/update-curve', {
    ...update,
    orgs: options.orgs ?? [],
    bucket_seconds: options.bucketSeconds,
    within_days: crashCountsForDays,
    max_rows: options.maxRows,
  });
  return rows.map((row) => ({
    bucketStart: new Date(row.bucket_start_ms),
    newlyApplied: row.newly_applied,
    crashes: row.crashes,
    crashedHosts: row.crashed_hosts,
  }));
}
