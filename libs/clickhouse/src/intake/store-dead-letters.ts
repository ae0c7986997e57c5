import type { ClickHouseClient } from '@clickhouse/client';
import { toDateTime64 } from './store-events';

/** A refused message as it is kept: why, where it stood, and its bytes. Times are milliseconds since 1970 UTC. */
export interface DeadLetter {
  reason: string;
  field: string;
  detail: string;
  sourceTopic: string;
  sourcePartition: number;
  sourceOffset: number;
  sourceTimestamp: number;
  receivedAt: number;
  key: Buffer | null;
  payload: Buffer | null;
}

/** Bytes of payloads in one insert: bounds what is held as text. One payload beyond it goes alone. */
const BYTES_AT_ONCE = 8 * 1024 * 1024;

/** Keeps dead letters, once a source offset however often this is repeated. */
export async function storeDeadLetters(db: ClickHouseClient, letters: readonly DeadLetter[]): Promise<void> {
  for (let start = 0, end = 0; start < letters.length; start = end) {
    for (let bytes = 0; end < letters.length && (end === start || bytes < BYTES_AT_ONCE); end++) {
      const { key, payload } = letters[end] as DeadLetter;
      bytes += (key?.length ?? 0) + (payload?.length ?? 0);
    }
    await insert(db, letters.slice(start, end));
  }
}

async function insert(db: ClickHouseClient, letters: readonly DeadLetter[]): Promise<void> {
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
    // Cutting the rows into pieces for several threads has a limit on the size of a row.
    clickhouse_settings: { input_format_parallel_parsing: 0 },
  });
}
