import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { hourStates } from '../rollups/hour-states';
import { countByLevels } from './count-by-levels';
import {
  type Combination,
  type CountedRow,
  type CrashAggregate,
  type CrashSelection,
  combinationsOf,
  crashDimensions,
  parametersOf,
  timesOf,
} from './crash-selection';
import { planLevels } from './plan-levels';

/**
 * Counts crashes exactly, and hosts exactly or as asked, for any grouping. Rows come by bucket, then most crashes first; equal
 * ones by value, so that the same store gives the same order. Read from the rollups where these can answer.
 */
export async function aggregateCrashes(db: ClickHouseClient, selection: CrashSelection): Promise<CrashAggregate[]> {
  const { top, groupBy, bucketSeconds, maxRows } = selection;
  const count = await counterFor(db, selection);
  if (top === undefined || groupBy.length === 0) return toAggregates(selection, await count(selection));
  const total = { ...selection, bucketSeconds: undefined, maxRows: top };
  if (bucketSeconds === undefined)
    return toAggregates(selection, await count({ ...total, maxRows: Math.min(top, maxRows) }));
  const largest = await count({ ...total, hosts: 'none' });
  return largest.length === 0 ? [] : toAggregates(selection, await count(selection, largest));
}

/** Crashes and hosts of all that is beside these combinations of the groups asked for, exactly; by bucket where there are some. */
export async function countOtherCrashes(
  db: ClickHouseClient,
  selection: CrashSelection,
  shown: ReadonlyArray<CrashAggregate['values']>,
): Promise<CrashAggregate[]> {
  const { sinceMs, untilMs, bucketSeconds } = timesOf(selection);
  const rows = await ask<{ bucket_start_ms: number; crashes: number; hosts: number }>(db, 'aggregates/count-others', {
    ...parametersOf({ groupBy: selection.groupBy, filters: selection.filters }),
    ...combinationsOf(shown),
    since_ms: sinceMs,
    until_ms: untilMs,
    bucket_seconds: bucketSeconds,
    max_rows: selection.maxRows,
  });
  return toAggregates(
    { ...selection, groupBy: [] },
    rows.map((row) => ({ ...row, estimated: false })),
  );
}

/** Counts the crashes of the whole store (of `orgs`, or all), exactly. Of all, it reads raw rows of dirty hours only. */
export async function countAllCrashes(db: ClickHouseClient, orgs: readonly string[] = []): Promise<number> {
  const selection: Question = { groupBy: [], filters: { org_id: orgs }, maxRows: 1, hosts: 'none' };
  const [row] = await (await counterFor(db, selection))(selection);
  return row?.crashes ?? 0;
}

/** `none` leaves hosts uncounted where that is faster. */
export type Question = Omit<CrashSelection, 'hosts'> & { hosts?: CrashSelection['hosts'] | 'none' };
type Counter = (question: Question, only?: ReadonlyArray<Partial<Combination>>) => Promise<CountedRow[]>;

/** How questions over this range, with these groups and filters, are counted. The state of the hours is read only once. */
async function counterFor(db: ClickHouseClient, question: Question): Promise<Counter> {
  const raw: Counter = (each, only) => countRaw(db, each, only);
  if (!isRolled(question)) return raw;
  const { sinceMs, untilMs } = timesOf(question);
  const hours = await hourStates(db, sinceMs, untilMs);
  return (each, only = []) => {
    const plan = planLevels(hours, timesOf(each));
    return plan ? countByLevels(db, each, { plan, only }) : raw(each, only);
  };
}

/** Whether the question needs only what the rollups know of a crash. */
export function isRolled({ groupBy, filters }: Pick<Question, 'groupBy' | 'filters'>): boolean {
  const rolled: readonly string[] = ['driver', 'driver_version', 'update_channel', 'update_version'];
  return crashDimensions.every(
    (dimension) => rolled.includes(dimension) || !(groupBy.includes(dimension) || filters[dimension]?.length),
  );
}

async function countRaw(
  db: ClickHouseClient,
  question: Question,
  only: ReadonlyArray<Partial<Combination>> = [],
): Promise<CountedRow[]> {
  const { sinceMs, untilMs, bucketSeconds } = timesOf(question);
  const rows = await ask<Omit<CountedRow, 'estimated'>>(db, 'aggregates/aggregate-crashes', {
    ...parametersOf(question, only),
    since_ms: sinceMs,
    until_ms: untilMs,
    bucket_seconds: bucketSeconds,
    max_rows: question.maxRows,
  });
  return rows.map((row) => ({ ...row, estimated: false }));
}

function toAggregates({ bucketSeconds, groupBy }: CrashSelection, rows: readonly CountedRow[]): CrashAggregate[] {
  return rows.map((row) => {
    const values: CrashAggregate['values'] = {};
    for (const dimension of groupBy) values[dimension] = row[dimension];
    const { crashes, hosts, estimated: hostsEstimated } = row;
    if (bucketSeconds === undefined) return { values, crashes, hosts, hostsEstimated };
    return { bucketStart: new Date(row.bucket_start_ms), values, crashes, hosts, hostsEstimated };
  });
}
