import type { ClickHouseClient } from '@clickhouse/client';
import { toDateTime64 } from './store-events';

/** A refused message as it is kept: why, where it stood, and its bytes. Times are milliseconds since 1970 UTC. */
export interface DeadLetter {
  reason: string;
  field: string;
  detail: string;
  sourceTopic: string;
  sourcePartition: number;
  sourceOffset: bigint;
  sourceTimestamp: number;
  receivedAt: number;
  key: Buffer | null;
  payload: Buffer | null;
}

/** Keeps dead letters, once a source offset however often this is repeated. */
export async function storeDeadLetters(db: ClickHouseClient, letters: readonly DeadLetter[]): Promise<void> {
  if (letters.length === 0) return;
  await db.insert({
    table: 'dead_letters',
    columns: [
      'source_topic',
      'source_partition',
      'source_offset',
      'source_timestamp',
      'received_at',
      'reason',
      'field',
      'detail',
      'key_base64',
      'payload_base64',
    ],
    values: letters.map((letter) => ({
      source_topic: letter.sourceTopic,
      source_partition: letter.sourcePartition,
      source_offset: letter.sourceOffset.toString(),
      source_timestamp: toDateTime64(letter.sourceTimestamp),
      received_at: toDateTime64(letter.receivedAt),
      reason: letter.reason,
      field: letter.field,
      detail: letter.detail,
      key_base64: letter.key?.toString('base64') ?? '',
      payload_base64: letter.payload?.toString('base64') ?? '',
    })),
    format: 'JSONEachRow',
  });
}
