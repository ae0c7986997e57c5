import type { ClickHouseClient } from '@clickhouse/client';
import type { ArrivedAction, IncidentAction } from '@ringwatch/incident';
import { ask } from '../ask';
import type { ArrivalWindow } from './read-evidence';

/** What people did with incidents, once an event id; by arrival time, then by id. */
export async function arrivedIncidentActions(db: ClickHouseClient, window: ArrivalWindow): Promise<ArrivedAction[]> {
  const rows = await ask<IncidentAction & { received_at: number }>(db, 'evidence/incident-actions', { ...window });
  return rows.map(({ received_at, ...action }) => ({ action, receivedAt: received_at }));
}
