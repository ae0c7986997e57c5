import type { ClickHouseClient } from '@clickhouse/client';
import { driverOfChannel, type Update } from '@ringwatch/rollout';
import { ask } from '../ask';
import { crashCountsForDays } from './crashed-after-applying';

/** One bucket of an update's life. Buckets in which nothing happened are left out. */
export interface CurvePoint {
  bucketStart: Date;
  newlyApplied: number;
  crashes: number;
  crashedHosts: number;
}

/** How the hosts that applied one update fared. */
export interface CrashesAfterUpdate {
  /** Distinct hosts that crashed after applying it. */
  crashedHosts: number;
  /** Those of them with a crash that names the update. */
  namingHosts: number;
  /** By bucket of event time, earliest first; none where no width was asked for. */
  points: CurvePoint[];
}

interface Row {
  bucket_start_ms: number | null;
  newly_applied: number;
  crashes: number;
  crashed_hosts: number;
  naming_hosts: number;
}

/** Counts first installs of an update (by hosts of `orgs`, or any) and the crashes that followed them: all of it reads the crashes once. */
export async function crashesAfterUpdate(
  db: ClickHouseClient,
  update: Update,
  {
    orgs = [],
    bucketSeconds = 0,
    maxPoints = 0,
  }: { orgs?: readonly string[]; bucketSeconds?: number; maxPoints?: number } = {},
): Promise<CrashesAfterUpdate> {
  const [whole, ...points] = await ask<Row>(db, 'release-history/crashes-after-update', {
    ...update,
    driver: driverOfChannel(update.channel) ?? '',
    orgs,
    bucket_seconds: bucketSeconds,
    within_days: crashCountsForDays,
    max_rows: maxPoints + 1,
  });
  return {
    crashedHosts: whole?.crashed_hosts ?? 0,
    namingHosts: whole?.naming_hosts ?? 0,
    points: points.map((row) => ({
      bucketStart: new Date(row.bucket_start_ms!),
      newlyApplied: row.newly_applied,
      crashes: row.crashes,
      crashedHosts: row.crashed_hosts,
    })),
  };
}
