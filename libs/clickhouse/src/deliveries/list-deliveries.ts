import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** One row of the delivery log, as it is shown: names as in the table. */
export interface ListedDelivery {
  /** When the attempt began, milliseconds since 1970 UTC. */
  started_ms: number;
  receiver: string;
  incident_id: string;
  sequence: number;
  change: string;
  attempt: number;
  outcome: string;
  status: number | null;
  detail: string;
  duration_ms: number;
  carried_by: number;
  digest: string;
  message_id: string;
}

/** Which rows; what is not said takes any. `since` is in milliseconds since 1970 UTC. */
export interface DeliverySelection {
  incidentId?: string;
  receiver?: string;
  requestId?: string;
  outcomes?: readonly string[];
  since?: number;
  maxRows: number;
}

/** Lists the delivery log, newest first. */
export function listDeliveries(db: ClickHouseClient, selection: DeliverySelection): Promise<ListedDelivery[]> {
  return ask<ListedDelivery>(db, 'deliveries/list-deliveries', {
    incident_id: selection.incidentId ?? '',
    receiver: selection.receiver ?? '',
    request_id: selection.requestId ?? '',
    outcomes: selection.outcomes ?? [],
    since_ms: selection.since ?? 0,
    max_rows: selection.maxRows,
  });
}

/** Those of the requests that were carried out, whatever came of it. */
export async function answeredRequests(db: ClickHouseClient, requestIds: readonly string[]): Promise<string[]> {
  if (requestIds.length === 0) return [];
  const rows = await ask<{ request_id: string }>(db, 'deliveries/answered-requests', { request_ids: requestIds });
  return rows.map(({ request_id }) => request_id);
}
