import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** What was recorded about one change at one receiver. */
export interface PastDelivery {
  incidentId: string;
  sequence: number;
  attempts: number;
  outcomes: string[];
}

/** The delivery log of these incidents at one receiver, a row a change. */
export async function pastDeliveries(
  db: ClickHouseClient,
  receiver: string,
  incidentIds: readonly string[],
): Promise<PastDelivery[]> {
  const rows = await ask<{ incident_id: string; sequence: number; attempts: number; outcomes: string[] }>(
    db,
    'deliveries/past-deliveries',
    { receiver, incident_ids: incidentIds },
  );
  return rows.map(({ incident_id, ...rest }) => ({ incidentId: incident_id, ...rest }));
}
