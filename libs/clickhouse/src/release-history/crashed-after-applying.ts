import type { ClickHouseClient } from '@clickhouse/client';
import type { Update } from '@ringwatch/rollout';
import { ask } from '../ask';

/** How long a crash can count against an update: as long as a host reports its recent updates (the contract's 14 days). */
export const crashCountsForDays = 14;

/** How many hosts crashed after applying an update. */
export interface CrashedAfterApplying extends Update {
  crashedHosts: number;
}

interface Row {
  update_channel: string;
  update_version: string;
  crashed_hosts: number;
}

/** Counts, for each of these updates, the hosts (of `orgs`, or any) that crashed after applying it; an update without one has no row. */
export async function crashedAfterApplying(
  db: ClickHouseClient,
  updates: readonly Update[],
  orgs: readonly string[] = [],
): Promise<CrashedAfterApplying[]> {
  if (updates.length === 0) return [];
  const rows = await ask<Row>(db, 'release-history/crashed-after-applying', {
    channels: updates.map((update) => update.channel),
    versions: updates.map((update) => update.version),
    orgs,
    within_days: crashCountsForDays,
  });
  return rows.map((row) => ({
    channel: row.update_channel,
    version: row.update_version,
    crashedHosts: row.crashed_hosts,
  }));
}
