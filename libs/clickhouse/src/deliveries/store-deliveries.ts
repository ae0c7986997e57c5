import type { ClickHouseClient } from '@clickhouse/client';

/** One row of the delivery log: an attempt, or a change that was settled without one (`attempt` 0). */
export interface DeliveryRecord {
  receiver: string;
  incidentId: string;
  sequence: number;
  attempt: number;
  outcome: string;
  /** The HTTP status, null where there was no answer. */
  status: number | null;
  detail: string;
  startedAt: Date;
  durationMs: number;
}

/** Stores rows of the delivery log. The same rows again change nothing. */
export async function storeDeliveries(db: ClickHouseClient, records: readonly DeliveryRecord[]): Promise<void> {
  if (records.length === 0) return;
  await db.insert({
    table: 'deliveries',
    format: 'JSONEachRow',
    values: records.map(({ incidentId, startedAt, durationMs, ...rest }) => ({
      ...rest,
      incident_id: incidentId,
      started_at: startedAt.toISOString(),
      duration_ms: Math.max(0, Math.round(durationMs)),
    })),
  });
}
