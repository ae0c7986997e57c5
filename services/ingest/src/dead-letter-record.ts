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
      source_timestamp: new Date(letter.sourceTimestamp).toISOString(),
    },
  }));
}
