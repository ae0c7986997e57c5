import { type CrashDimension, aggregateCrashes, countOtherCrashes, listDrivers } from '@ringwatch/clickhouse';
import { orgsAskedFor } from './caller';
import type { DriverQuery, DriversQuery } from './driver-answers';
import { Problem } from './problem';
import { type Rate, ratesOf } from './rates';
import type { Store } from './store';

const MOST_PARTS = 100;
const MOST_CURVES = 10;
const MOST_POINTS = 10_000;

/** Lists the drivers that crashes blame, those of most hosts first. */
export async function readDrivers(store: Store, query: DriversQuery) {
  const { since, until, limit } = query;
  const filters = { ...query, org_id: orgsAskedFor(store.orgs, query.org_id) };
  const selection = { filters, since, until, hosts: query.hosts, maxRows: limit + 1 };
  const found = await store.ask('list-drivers', (db) => listDrivers(db, selection));
  return {
    drivers: found.slice(0, limit).map(toWire),
    hosts_are: found.some(({ hostsEstimated }) => hostsEstimated) ? 'approximate' : 'exact',
    truncated: found.length > limit,
  };
}

/** One driver. @throws Problem 404 when no crash in the range blames it. */
export async function readDriver(store: Store, name: string, query: DriverQuery) {
  const driver = name.toLowerCase();
  const { since, until, bucket } = query;
  const range = { since, until, filters: { driver: [driver], org_id: store.orgs } };
  const [found] = await store.ask('list-drivers', (db) => listDrivers(db, { ...range, maxRows: 1 }));
  if (found === undefined) throw new Problem('not_found', `no crash blames the driver ${driver}`);
  const [byVersion, byUpdate, curve] = await Promise.all([
    partsOf(store, range, ['driver', 'driver_version']),
    partsOf(store, range, ['update_channel', 'update_version']),
    curveOf(store, range, bucket),
  ]);
  return {
    ...toWire(found),
    by_version: byVersion.map(({ values, ...rest }) => ({ driver_version: String(values.driver_version), ...rest })),
    by_update: byUpdate
      .filter(({ values }) => values.update_channel !== '')
      .map(({ values, ...rest }) => ({
        update_channel: String(values.update_channel),
        update_version: String(values.update_version),
        ...rest,
      })),
    bucket_seconds: bucket,
    ...curve,
  };
}

type Range = { since?: Date; until?: Date; filters: { driver: string[]; org_id: readonly string[] } };
type Part = { values: Partial<Record<CrashDimension, string | number>>; crashes: number; hosts: number; rate: Rate };

async function partsOf(store: Store, range: Range, groupBy: CrashDimension[]): Promise<Part[]> {
  const selection = { ...range, groupBy, maxRows: MOST_PARTS };
  const found = await store.ask('aggregate-crashes', (db) => aggregateCrashes(db, selection));
  const rates = await ratesOf(store, selection, found);
  return found.map(({ values, crashes, hosts }, index) => ({ values, crashes, hosts, rate: rates[index]! }));
}

async function curveOf(store: Store, range: Range, bucketSeconds: number) {
  const groupBy: CrashDimension[] = ['driver_version'];
  const selection = { ...range, groupBy, bucketSeconds, top: MOST_CURVES, maxRows: MOST_POINTS + 1 };
  const found = await store.ask('aggregate-crashes', (db) => aggregateCrashes(db, selection));
  const shown = [...new Map(found.map(({ values }) => [values.driver_version, values])).values()];
  const others = await store.ask('count-others', (db) => countOtherCrashes(db, selection, shown));
  const toPoint = ({ bucketStart, crashes, hosts }: (typeof found)[number], driver_version: string | null) => ({
    bucket_start: bucketStart,
    driver_version,
    crashes,
    hosts,
  });
  const points = [
    ...found.map((each) => toPoint(each, String(each.values.driver_version))),
    ...others.map((each) => toPoint(each, null)),
  ];
  return { curve: points.slice(0, MOST_POINTS), curve_truncated: points.length > MOST_POINTS };
}

function toWire(found: Awaited<ReturnType<typeof listDrivers>>[number]) {
  return {
    driver: found.driver,
    crashes: found.crashes,
    hosts: found.hosts,
    versions: found.versions,
    updates: found.updates,
    first_crash_at: found.firstCrashAt,
    last_crash_at: found.lastCrashAt,
  };
}
