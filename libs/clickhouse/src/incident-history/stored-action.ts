import type { ClickHouseClient } from '@clickhouse/client';
import type { IncidentAction } from '@ringwatch/incident';
import { ask } from '../ask';

/** The action that is stored under an event id; undefined while it is not. */
export async function storedAction(db: ClickHouseClient, eventId: string): Promise<IncidentAction | undefined> {
  const [row] = await ask<IncidentAction>(db, 'incident-history/stored-action', { event_id: eventId });
  return row;
}
