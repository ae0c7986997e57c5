import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** A refused message as it is shown: how its payload begins, not all of it. */
export interface ShownLetter {
  topic: string;
  partition: number;
  offset: number;
  recordAt: Date;
  receivedAt: Date;
  reason: string;
  field: string;
  detail: string;
  key: string;
  sample: string;
  payloadBytes: number;
  redrivenAt: Date | null;
}

/** Which letters; an empty or absent list takes any. Times are record timestamps, half-open. */
export interface LetterFilters {
  topics?: readonly string[];
  reasons?: readonly string[];
  fields?: readonly string[];
  since?: Date;
  until?: Date;
}

/** Where a page of letters ended: the next one begins behind it. */
export type LetterPosition = Pick<ShownLetter, 'recordAt' | 'topic' | 'partition' | 'offset'>;

interface Row {
  topic: string;
  source_partition: number;
  source_offset: number;
  record_ms: number;
  received_ms: number;
  reason: string;
  field: string;
  detail: string;
  message_key: string;
  sample: string;
  payload_bytes: number;
  redriven_ms: number | null;
}

const earliestMs = Date.UTC(1900, 0, 1);
const latestMs = Date.UTC(2299, 0, 1);
const SHOWN_CHARACTERS = 500;

/** Lists refused messages, newest record first. */
export async function listDeadLetters(
  db: ClickHouseClient,
  page: { filters: LetterFilters; after?: LetterPosition; maxRows: number },
): Promise<ShownLetter[]> {
  const { filters, after, maxRows } = page;
  const rows = await ask<Row>(db, 'dead-letters/list-dead-letters', {
    topics: filters.topics ?? [],
    reasons: filters.reasons ?? [],
    fields: filters.fields ?? [],
    since_ms: filters.since?.getTime() ?? earliestMs,
    until_ms: filters.until?.getTime() ?? latestMs,
    before_ms: after?.recordAt.getTime() ?? latestMs,
    after_topic: after?.topic ?? '',
    after_partition: after?.partition ?? 0,
    after_offset: after?.offset ?? 0,
    shown: SHOWN_CHARACTERS,
    max_rows: maxRows,
  });
  return rows.map((row) => ({
    topic: row.topic,
    partition: row.source_partition,
    offset: row.source_offset,
    recordAt: new Date(row.record_ms),
    receivedAt: new Date(row.received_ms),
    reason: row.reason,
    field: row.field,
    detail: row.detail,
    key: row.message_key,
    sample: row.sample,
    payloadBytes: row.payload_bytes,
    redrivenAt: row.redriven_ms === null ? null : new Date(row.redriven_ms),
  }));
}
