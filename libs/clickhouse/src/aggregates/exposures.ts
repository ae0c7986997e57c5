import type { ClickHouseClient } from '@clickhouse/client';
import type { Update } from '@ringwatch/rollout';
import { ask } from '../ask';
import { type Combination, type CrashDimension, type CrashSelection, parametersOf, timesOf } from './crash-selection';

/** How many hosts have an update, by where they are; what was not asked for is empty. */
export type ExposedHosts = Update & { country: string; orgId: string; osBuild: string; exposedHosts: number };

/** Of the hosts behind a combination, how many had applied the update that the crash names. */
export type CrashedExposed = Combination & { channel: string; version: string; hosts: number };

/** Which rates: the update is the content that a driver had loaded, or (`ofDriver`) the driver's own build. */
export type RateQuestion = Pick<CrashSelection, 'groupBy' | 'filters' | 'since' | 'until'> & {
  updates: readonly Update[];
  ofDriver: boolean;
};

/** Dimensions of a host, which its install tells too. */
export const hostDimensions = ['country', 'org_id', 'os_build'] as const satisfies readonly CrashDimension[];

/** Counts the hosts that have each update, for the denominators of rates. Installs are kept for 90 days. */
export async function exposedHosts(db: ClickHouseClient, question: RateQuestion): Promise<ExposedHosts[]> {
  const { groupBy, filters } = question;
  const rows = await ask<{
    update_channel: string;
    update_version: string;
    country: string;
    org_id: string;
    os_build: string;
    exposed_hosts: number;
  }>(db, 'aggregates/exposed-hosts', {
    ...updatesOf(question),
    until_ms: timesOf(question).untilMs,
    ...Object.fromEntries(hostDimensions.map((name) => [`by_${name}`, groupBy.includes(name)])),
    countries: filters.country ?? [],
    org_ids: filters.org_id ?? [],
    os_builds: filters.os_build ?? [],
  });
  return rows.map((row) => ({
    channel: row.update_channel,
    version: row.update_version,
    country: row.country,
    orgId: row.org_id,
    osBuild: row.os_build,
    exposedHosts: row.exposed_hosts,
  }));
}

/** Counts the hosts that crashed after they had applied the update that the crash names, for the numerators of rates. */
export function crashedExposedHosts(db: ClickHouseClient, question: RateQuestion): Promise<CrashedExposed[]> {
  const { sinceMs, untilMs } = timesOf(question);
  return ask<CrashedExposed>(db, 'aggregates/crashed-exposed-hosts', {
    ...parametersOf(question),
    ...updatesOf(question),
    since_ms: sinceMs,
    until_ms: untilMs,
    of_driver: question.ofDriver,
  });
}

function updatesOf({ updates }: RateQuestion) {
  return { channels: updates.map(({ channel }) => channel), versions: updates.map(({ version }) => version) };
}
