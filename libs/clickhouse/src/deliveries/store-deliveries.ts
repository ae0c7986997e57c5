import type { ClickHouseClient } from '@clickhouse/client';

/** One row of the delivery log: an attempt, or a change that was settled without one (`attempt` 0). */
export interface DeliveryRecord {
  receiver: string;
  /** The incident; for what is none, what stands in its place: a digest, `watchdog`, `pipeline`. */
  incidentId: string;
  sequence: number;
  /** What the change was, or what was said. */
  change: string;
  attempt: number;
  outcome: string;
  /** The HTTP status, null where there was no answer. */
  status: number | null;
  detail: string;
  startedAt: Date;
  durationMs: number;
  /** The change of the incident whose message carried this one. */
  carriedBy?: number;
  /** The message about several incidents that carried it. */
  digest?: string;
  /** What the receiver calls the message. */
  messageId?: string;
  /** The request of a person that it answers. */
  requestId?: string;
  /** Fingerprint of the receiver's settings. */
  settings?: string;
}

/** Stores rows of the delivery log. The same rows again change nothing. */
export async function storeDeliveries(db: ClickHouseClient, records: readonly DeliveryRecord[]): Promise<void> {
  if (records.length === 0) return;
  await db.insert({
    table: 'deliveries',
    format: 'JSONEachRow',
    values: records.map((record) => ({
      receiver: record.receiver,
      incident_id: record.incidentId,
      sequence: record.sequence,
      change: record.change,
      attempt: record.attempt,
      outcome: record.outcome,
      status: record.status,
      detail: record.detail,
      started_at: record.startedAt.toISOString(),
      duration_ms: Math.max(0, Math.round(record.durationMs)),
      carried_by: record.carriedBy ?? 0,
      digest: record.digest ?? '',
      message_id: record.messageId ?? '',
      request_id: record.requestId ?? '',
      settings: record.settings ?? '',
    })),
  });
}
