import type { ClickHouseClient } from '@clickhouse/client';
import type { Update } from '@ringwatch/rollout';
import { ask } from '../ask';
import { crashCountsForDays } from './crashed-after-applying';

/** One bucket of event time in which a host of the detector's sample applied an update, or fell silent after it. */
export interface SilencePoint {
  bucketStart: Date;
  newlyApplied: number;
  newlySilent: number;
}

interface Row {
  bucket_start_ms: number;
  newly_applied: number;
  newly_silent: number;
}

/** Counts hosts (of `orgs`, or any) that fell silent after an update, earliest bucket first; none where no host that has it ever beat. */
export async function silenceAfterUpdate(
  db: ClickHouseClient,
  update: Update,
  { orgs = [], bucketSeconds, maxPoints }: { orgs?: readonly string[]; bucketSeconds: number; maxPoints: number },
): Promise<SilencePoint[]> {
  const rows = await ask<Row>(db, 'release-history/silence-after-update', {
    ...update,
    orgs,
    bucket_seconds: bucketSeconds,
    within_days: crashCountsForDays,
    max_rows: maxPoints,
  });
  return rows.map((row) => ({
    bucketStart: new Date(row.bucket_start_ms),
    newlyApplied: row.newly_applied,
    newlySilent: row.newly_silent,
  }));
}
