import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { countAllCrashes } from './aggregate-crashes';

/**
 * How full the store is and up to when. `newestEventAt` is event time, but never later than the furthest arrival: one host
 * whose clock runs ahead does not move it. `closedUntil` is arrival time: all that arrived before is stored.
 */
export interface StoreStatus {
  newestEventAt: Date | null;
  closedUntil: Date | null;
  hosts: number;
  crashes: number;
  updates: number;
}

interface Row {
  newest_event_ms: number | null;
  closed_until_ms: number | null;
  newest_arrival_ms: number | null;
  hosts: number;
  updates: number;
}

/** Sums up the whole store, or hosts, crashes and updates of some organisations. Of the bugchecks, only those of hours that wait to be rolled up are read. */
export async function storeStatus(db: ClickHouseClient, orgs: readonly string[] = []): Promise<StoreStatus> {
  const [[row], crashes] = await Promise.all([
    ask<Row>(db, 'aggregates/store-status', { orgs }),
    countAllCrashes(db, orgs),
  ]);
  const { newest_event_ms: newest, newest_arrival_ms: arrival } = row!;
  const newestMs = newest !== null && arrival !== null ? Math.min(newest, arrival) : newest;
  return {
    newestEventAt: newestMs === null ? null : new Date(newestMs),
    closedUntil: row!.closed_until_ms === null ? null : new Date(row!.closed_until_ms),
    hosts: row!.hosts,
    crashes,
    updates: row!.updates,
  };
}
