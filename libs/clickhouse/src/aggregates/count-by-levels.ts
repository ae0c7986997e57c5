import type { ClickHouseClient } from '@clickhouse/client';
import { ask, askColumns } from '../ask';
import type { HourState } from '../rollups/hour-states';
import { HOUR_MS } from '../rollups/hours';
import type { Question } from './aggregate-crashes';
import { type Combination, type CountedRow, parametersOf, timesOf } from './crash-selection';
import type { LevelPlan } from './plan-levels';

/** Above this, naming the combinations costs more than counting the hosts of all. */
const MOST_NAMED = 1_000;

type LevelRow = HostsRow & { crashes: number; sources: number; estimated: boolean };
type LevelColumns = { [Name in 'bucket_start_ms' | 'crashes' | 'hosts' | 'sources']: number[] } & {
  [Name in 'driver' | 'driver_version' | 'update_channel' | 'update_version']: string[];
};
type HostsRow = Omit<Combination, 'bugcheck_code' | 'country' | 'org_id' | 'os_build'> & {
  bucket_start_ms: number;
  hosts: number;
};

/**
 * Counts crashes by the levels of `plan`, of the combinations `only` (all when empty). Hosts do not add up over rows: where a
 * row of the answer is made of several, they are counted, or estimated, in a second question for just these rows.
 */
export async function countByLevels(
  db: ClickHouseClient,
  question: Question,
  { plan, only }: { plan: LevelPlan; only: ReadonlyArray<Partial<Combination>> },
): Promise<CountedRow[]> {
  const values = { ...levelsOf(plan), ...rangeOf(plan, question) };
  const rows = await askLevels(db, {
    ...parametersOf(question, only),
    ...values,
    count_hosts: plan.oneRowEach && question.hosts !== 'none',
    max_rows: question.maxRows,
  });
  const open = question.hosts === 'none' ? [] : rows.filter((row) => !plan.oneRowEach || row.sources > 1);
  if (open.length === 0) return rows;

  const estimated = question.hosts === 'approximate' && values.bucket_seconds % 3_600 === 0;
  const named = new Map(open.map((row) => [keyOf({ ...row, bucket_start_ms: 0 }), row]));
  const hosts = await ask<HostsRow>(db, estimated ? 'aggregates/estimate-hosts' : 'aggregates/count-hosts', {
    ...parametersOf(question, named.size <= MOST_NAMED ? [...named.values()] : only),
    ...values,
  });
  const hostsOf = new Map(hosts.map((row) => [keyOf(row), row.hosts]));
  for (const row of open) {
    row.hosts = Math.min(hostsOf.get(keyOf(row)) ?? row.hosts, row.crashes);
    row.estimated = estimated;
  }
  return rows;
}

/** Answers can have a million rows, hence columns: a third of the time of one JSON object a row. */
async function askLevels(db: ClickHouseClient, values: Record<string, unknown>): Promise<LevelRow[]> {
  const from = await askColumns<LevelColumns>(db, 'aggregates/count-crashes-by-level', values);
  if (!from) return [];
  return from.bucket_start_ms.map((start, row) => ({
    bucket_start_ms: start,
    driver: from.driver[row]!,
    driver_version: from.driver_version[row]!,
    update_channel: from.update_channel[row]!,
    update_version: from.update_version[row]!,
    crashes: from.crashes[row]!,
    hosts: from.hosts[row]!,
    sources: from.sources[row]!,
    estimated: false,
  }));
}

function keyOf(row: HostsRow): string {
  return [row.bucket_start_ms, row.driver, row.driver_version, row.update_channel, row.update_version].join('\0');
}

/** The range, cut to the hours that there are: a `DateTime` holds less than a `DateTime64`. */
function rangeOf(plan: LevelPlan, question: Question) {
  const { sinceMs, untilMs, bucketSeconds } = timesOf(question);
  const starts = [...plan.whole, ...plan.fine].map(({ startMs }) => startMs).concat(plan.raw);
  const first = starts.reduce((least, ms) => Math.min(least, ms), Infinity);
  const end = starts.reduce((most, ms) => Math.max(most, ms), -Infinity) + HOUR_MS;
  if (starts.length === 0) return { since_ms: 0, until_ms: 0, bucket_seconds: bucketSeconds };
  return { since_ms: Math.max(sinceMs, first), until_ms: Math.min(untilMs, end), bucket_seconds: bucketSeconds };
}

function levelsOf({ whole, fine, raw }: LevelPlan) {
  const starts = (hours: readonly HourState[]) => hours.map(({ startMs }) => startMs / 1_000);
  const rolled = (hours: readonly HourState[]) => hours.map(({ rolledUs }) => rolledUs);
  return {
    whole_hours: starts(whole),
    whole_rolled_us: rolled(whole),
    fine_hours: starts(fine),
    fine_rolled_us: rolled(fine),
    raw_hours: raw.map((ms) => ms / 1_000),
  };
}
