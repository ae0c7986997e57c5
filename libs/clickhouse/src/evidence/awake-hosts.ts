import type { ClickHouseClient } from '@clickhouse/client';
import type { AwakeHosts } from '@ringwatch/detection';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';
import type { ArrivalWindow } from './read-evidence';

interface Row {
  update_channel: string;
  update_version: string;
  untouched: number;
  untouched_awake: number;
  taken: number;
  taken_awake: number;
}

/** What was noted in the window of arrival time. */
export async function notedAwakeHosts(db: ClickHouseClient, window: ArrivalWindow): Promise<AwakeHosts[]> {
  const rows = await ask<Row & { stratum: string; since: number; noted_at: number }>(db, 'evidence/noted-awake-hosts', {
    ...window,
  });
  return rows.map((row) => ({
    ...countsOf(row),
    stratum: row.stratum,
    occurredAt: row.since,
    receivedAt: row.noted_at,
  }));
}

/** Notes it, for a detector that starts anew. The same may be noted again; of one update, stratum and moment there is one count. */
export async function noteAwakeHosts(db: ClickHouseClient, noted: readonly AwakeHosts[]): Promise<void> {
  if (noted.length === 0) return;
  const values = noted.map(({ update, stratum, untouched, taken, occurredAt, receivedAt }) => ({
    update_channel: update.channel,
    update_version: update.version,
    stratum,
    untouched: untouched.hosts,
    untouched_awake: untouched.awake,
    taken: taken.hosts,
    taken_awake: taken.awake,
    since: toDateTime64(occurredAt),
    noted_at: toDateTime64(receivedAt),
  }));
  await db.insert({ table: 'awake_hosts', values, format: 'JSONEachRow' });
}

function countsOf(row: Row): Pick<AwakeHosts, 'update' | 'untouched' | 'taken'> {
  return {
    update: { channel: row.update_channel, version: row.update_version },
    untouched: { awake: row.untouched_awake, hosts: row.untouched },
    taken: { awake: row.taken_awake, hosts: row.taken },
  };
}
