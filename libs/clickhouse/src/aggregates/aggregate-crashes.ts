import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** What crashes can be grouped by and filtered on: columns of `bugchecks`, under the contract's names. */
export const crashDimensions = [
  'driver',
  'driver_version',
  'update_channel',
  'update_version',
  'bugcheck_code',
  'country',
  'org_id',
  'os_build',
] as const;
export type CrashDimension = (typeof crashDimensions)[number];

/** Which values of a dimension count; a dimension that is absent or has no values takes any. */
export type CrashFilters = {
  [D in CrashDimension]?: D extends 'bugcheck_code' ? readonly number[] : readonly string[];
};

/** Event time `[since, until)`; an open end takes all. `bucketSeconds` is counted from 1970. */
export interface CrashSelection {
  groupBy: readonly CrashDimension[];
  bucketSeconds?: number;
  filters: CrashFilters;
  since?: Date;
  until?: Date;
  maxRows: number;
}

/** One combination: `bucketStart` and the dimensions are there only where they were asked for. */
export interface CrashAggregate {
  bucketStart?: Date;
  values: Partial<Record<CrashDimension, string | number>>;
  crashes: number;
  hosts: number;
}

type Row = Record<Exclude<CrashDimension, 'bugcheck_code'>, string> & {
  bugcheck_code: number;
  bucket_start_ms: number;
  crashes: number;
  hosts: number;
};

/** The contract accepts no event before 2000; DateTime64 ends in 2299. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2299, 0, 1);

/**
 * Counts crashes and hosts exactly, for any grouping. Rows come by bucket, then most crashes first; equal ones by value, so
 * that the same store gives the same order.
 */
export async function aggregateCrashes(db: ClickHouseClient, selection: CrashSelection): Promise<CrashAggregate[]> {
  const asked = new Set<CrashDimension>(selection.groupBy);
  const { filters } = selection;
  const rows = await ask<Row>(db, 'aggregates/aggregate-crashes', {
    since_ms: selection.since?.getTime() ?? earliest,
    until_ms: selection.until?.getTime() ?? latest,
    bucket_seconds: selection.bucketSeconds ?? 0,
    ...Object.fromEntries(crashDimensions.map((dimension) => [`by_${dimension}`, asked.has(dimension)])),
    drivers: filters.driver ?? [],
    driver_versions: filters.driver_version ?? [],
    update_channels: filters.update_channel ?? [],
    update_versions: filters.update_version ?? [],
    bugcheck_codes: filters.bugcheck_code ?? [],
    countries: filters.country ?? [],
    org_ids: filters.org_id ?? [],
    os_builds: filters.os_build ?? [],
    max_rows: selection.maxRows,
  });
  return rows.map((row) => ({
    ...(selection.bucketSeconds !== undefined && { bucketStart: new Date(row.bucket_start_ms) }),
    values: Object.fromEntries(selection.groupBy.map((dimension) => [dimension, row[dimension]])),
    crashes: row.crashes,
    hosts: row.hosts,
  }));
}
