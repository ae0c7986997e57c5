import {
  type CrashAggregate,
  type CrashDimension,
  type RateQuestion,
  crashedExposedHosts,
  exposedHosts,
  hostDimensions,
} from '@ringwatch/clickhouse';
import { type Update, updateKey } from '@ringwatch/rollout';
import { per1000 } from './share';
import type { Store } from './store';

export const rateColumns = [
  'exposed_hosts',
  'crashed_exposed_hosts',
  'crashed_per_1000',
  'crashed_per_1000_low',
  'crashed_per_1000_high',
] as const;
export type Rate = Record<(typeof rateColumns)[number], number | null>;

/** Which update a row of these groups is of: the content that was loaded, or else the driver's own build. */
export function updateNamedBy(groupBy: readonly CrashDimension[]): 'content' | 'driver' | undefined {
  if (groupBy.includes('update_channel') && groupBy.includes('update_version')) return 'content';
  return groupBy.includes('driver') && groupBy.includes('driver_version') ? 'driver' : undefined;
}

/**
 * For each row: the hosts that have its update, how many of the hosts behind the row had it when they crashed, and the share.
 * Hosts are counted by country, organisation and build where the rows are. A rate is null where nobody told to have applied it.
 */
export async function ratesOf(
  store: Store,
  selection: Pick<RateQuestion, 'groupBy' | 'filters' | 'since' | 'until'>,
  rows: readonly CrashAggregate[],
): Promise<Rate[]> {
  const ofDriver = updateNamedBy(selection.groupBy) === 'driver';
  const updates = new Map(rows.map(({ values }) => updateOf(values, ofDriver)).map((each) => [updateKey(each), each]));
  const question = { ...selection, ofDriver, updates: [...updates.values()] };
  const [exposed, crashed] = await Promise.all([
    store.ask('exposed-hosts', (db) => exposedHosts(db, question)),
    store.ask('crashed-exposed-hosts', (db) => crashedExposedHosts(db, question)),
  ]);
  const exposedOf = new Map(
    exposed.map((each) => [
      keyOf({ country: each.country, org_id: each.orgId, os_build: each.osBuild }, hostDimensions, each),
      each.exposedHosts,
    ]),
  );
  const crashedOf = new Map(
    crashed.map(({ channel, version, hosts, ...values }) => [
      keyOf(values, selection.groupBy, { channel, version }),
      hosts,
    ]),
  );
  const grouped = hostDimensions.filter((each) => selection.groupBy.includes(each));
  return rows.map(({ values }) => {
    const update = updateOf(values, ofDriver);
    const hosts = exposedOf.get(keyOf(pick(values, grouped), hostDimensions, update)) ?? 0;
    return toRate(crashedOf.get(keyOf(values, selection.groupBy, update)) ?? 0, hosts);
  });
}

type Values = Partial<Record<CrashDimension, string | number>>;

function updateOf(values: Values, ofDriver: boolean): Update {
  const [channel, version] = ofDriver
    ? [`driver:${values.driver}`, values.driver_version]
    : [values.update_channel, values.update_version];
  return { channel: String(channel), version: String(version) };
}

function keyOf(values: Values, dimensions: readonly CrashDimension[], { channel, version }: Update): string {
  return JSON.stringify([channel, version, ...dimensions.map((each) => values[each] ?? '')]);
}

function pick(values: Values, dimensions: readonly CrashDimension[]): Values {
  return Object.fromEntries(dimensions.map((each) => [each, values[each]]));
}

/** A host may have told another country or build when it installed than when it crashed: no share is above one. */
function toRate(crashed: number, exposed: number): Rate {
  const rate = per1000(Math.min(crashed, exposed), exposed);
  return {
    exposed_hosts: exposed,
    crashed_exposed_hosts: crashed,
    crashed_per_1000: rate?.estimate ?? null,
    crashed_per_1000_low: rate?.low ?? null,
    crashed_per_1000_high: rate?.high ?? null,
  };
}
