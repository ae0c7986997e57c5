import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** One row of the delivery log. `carriedBy`: the change of the same incident whose message told this one; 0 for its own. */
export interface ShownDelivery {
  receiver: string;
  incidentId: string;
  sequence: number;
  change: string;
  attempt: number;
  outcome: string;
  status: number | null;
  detail: string;
  startedAt: Date;
  durationMs: number;
  carriedBy: number;
}

/** Which rows of the delivery log; an empty or absent list takes any. */
export interface DeliveryFilters {
  receivers?: readonly string[];
  incidentIds?: readonly string[];
  outcomes?: readonly string[];
}

/** Where a page of deliveries ended: the next one begins behind it. */
export type DeliveryPosition = Pick<ShownDelivery, 'startedAt' | 'incidentId' | 'sequence' | 'receiver' | 'attempt'>;

type Row = Omit<ShownDelivery, 'incidentId' | 'startedAt' | 'durationMs' | 'carriedBy'> & {
  carried_by: number;
  incident_id: string;
  started_ms: number;
  duration_ms: number;
};

const latestMs = Date.UTC(2299, 0, 1);

/** Lists the delivery log, newest first. */
export async function deliveriesPage(
  db: ClickHouseClient,
  page: { filters: DeliveryFilters; after?: DeliveryPosition; maxRows: number },
): Promise<ShownDelivery[]> {
  const rows = await ask<Row>(db, 'deliveries/deliveries-page', {
    receivers: page.filters.receivers ?? [],
    incident_ids: page.filters.incidentIds ?? [],
    outcomes: page.filters.outcomes ?? [],
    before_ms: page.after?.startedAt.getTime() ?? latestMs,
    after_incident_id: page.after?.incidentId ?? '',
    after_sequence: page.after?.sequence ?? 0,
    after_receiver: page.after?.receiver ?? '',
    after_attempt: page.after?.attempt ?? 0,
    max_rows: page.maxRows,
  });
  return rows.map(({ incident_id, started_ms, duration_ms, carried_by, ...rest }) => ({
    ...rest,
    incidentId: incident_id,
    startedAt: new Date(started_ms),
    durationMs: duration_ms,
    carriedBy: carried_by,
  }));
}
