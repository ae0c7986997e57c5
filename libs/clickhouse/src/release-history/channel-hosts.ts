import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** Counts the hosts (of `orgs`, or any) that run each of these channels: those that could take an update on it. */
export async function channelHosts(
  db: ClickHouseClient,
  channels: readonly string[],
  orgs: readonly string[] = [],
): Promise<Map<string, number>> {
  const rows = await ask<{ update_channel: string; eligible_hosts: number }>(db, 'release-history/channel-hosts', {
    channels: [...new Set(channels)],
    orgs,
  });
  return new Map(rows.map((row) => [row.update_channel, row.eligible_hosts]));
}
