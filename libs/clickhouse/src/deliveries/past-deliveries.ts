import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** What was recorded about one change at one receiver. */
export interface PastDelivery {
  receiver: string;
  incidentId: string;
  sequence: number;
  attempts: number;
  outcomes: string[];
  /** What the receiver calls the message, and since when (ms since 1970 UTC); empty and 0 where it never said. */
  messageId: string;
  messageAt: number;
}

interface Row {
  receiver: string;
  incident_id: string;
  sequence: number;
  attempts: number;
  outcomes: string[];
  message_id: string;
  message_ms: number;
}

/** The delivery log of these incidents at these receivers, a row a change and receiver. */
export async function pastDeliveries(
  db: ClickHouseClient,
  receivers: readonly string[],
  incidentIds: readonly string[],
): Promise<PastDelivery[]> {
  const rows = await ask<Row>(db, 'deliveries/past-deliveries', { receivers, incident_ids: incidentIds });
  return rows.map(({ incident_id, message_id, message_ms, ...rest }) => ({
    incidentId: incident_id,
    ...rest,
    messageId: message_id,
    messageAt: message_id === '' ? 0 : message_ms,
  }));
}
