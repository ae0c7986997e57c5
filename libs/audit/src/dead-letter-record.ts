import type { DeadLetter } from '@ringwatch/clickhouse';
import type { OutgoingRecord } from '@ringwatch/kafka';

/** Dead letters as records of the topic: the original bytes and key, untouched, and headers that say why and whence. */
export function toRecords(letters: readonly DeadLetter[]): OutgoingRecord[] {
  return letters.map((letter) => ({
    topic: 'dead-letters',
    key: letter.key,
    value: letter.payload,
    headers: {
      reason: letter.reason,
      field: letter.field,
      detail: letter.detail,
      source_topic: letter.sourceTopic,
      source_partition: String(letter.sourcePartition),
      source_offset: letter.sourceOffset.toString(),
      source_timestamp: toRfc3339(letter.sourceTimestamp),
    },
  }));
}

/** A record's timestamp can be any 64 bits; RFC 3339 has the years 0 to 9999. What lies outside becomes the nearest it has. */
const LEAST = Date.parse('0000-01-01T00:00:00.000Z');
const MOST = Date.parse('9999-12-31T23:59:59.999Z');

function toRfc3339(timestamp: number): string {
  return new Date(Math.min(MOST, Math.max(LEAST, timestamp))).toISOString();
}
