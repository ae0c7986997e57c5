import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** Which dead letters are meant; what is left out means all. Times are record timestamps in ms since 1970 UTC, half-open. */
export interface LetterSelection {
  topic?: string;
  reason?: string;
  field?: string;
  since?: number;
  until?: number;
}

/** Dead letters of one topic, reason and field, with the latest of them as a sample. Times are ms since 1970 UTC. */
export interface LetterCount {
  topic: string;
  reason: string;
  field: string;
  letters: number;
  redriven: number;
  first_at: number;
  last_at: number;
  sample_source: string;
  sample_detail: string;
  sample_text: string;
}

/** A dead letter with its bytes. Keys and payloads that were null come as empty: the table does not tell them apart. */
export interface LetterToRedrive {
  topic: string;
  partition: number;
  offset: number;
  /** The original record's, in milliseconds since 1970 UTC. */
  timestamp: number;
  reason: string;
  field: string;
  key: Buffer;
  payload: Buffer;
}

/** What was refused, most first. */
export function countDeadLetters(db: ClickHouseClient, selection: LetterSelection): Promise<LetterCount[]> {
  return ask<LetterCount>(db, 'dead-letters/count-dead-letters', valuesOf(selection));
}

interface LetterRow {
  source_topic: string;
  source_partition: number;
  source_offset: number;
  source_timestamp_ms: number;
  reason: string;
  field: string;
  key_text: string;
  payload_text: string;
}

/** Letters in one page: with payloads of at most 1 MiB, what is held. */
const PAGE = 50;

/** The selected dead letters that were not sent again yet, without those of conflicts, page by page. */
export async function* lettersToRedrive(
  db: ClickHouseClient,
  selection: LetterSelection,
): AsyncGenerator<LetterToRedrive[]> {
  for (let after = { topic: '', partition: 0, offset: -1 }; ;) {
    const rows = await ask<LetterRow>(db, 'dead-letters/letters-to-redrive', {
      ...valuesOf(selection),
      after_topic: after.topic,
      after_partition: after.partition,
      after_offset: after.offset,
      most: PAGE,
    });
    const page = rows.map(toLetter);
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    after = page.at(-1) as LetterToRedrive;
  }
}

/** Notes dead letters as sent again. */
export async function noteRedriven(
  db: ClickHouseClient,
  letters: ReadonlyArray<{ topic: string; partition: number; offset: number }>,
): Promise<void> {
  if (letters.length === 0) return;
  const values = letters.map(({ topic, partition, offset }) => ({
    source_topic: topic,
    source_partition: partition,
    source_offset: offset,
  }));
  await db.insert({ table: 'redriven_letters', values, format: 'JSONEachRow' });
}

function toLetter(row: LetterRow): LetterToRedrive {
  return {
    topic: row.source_topic,
    partition: row.source_partition,
    offset: row.source_offset,
    timestamp: row.source_timestamp_ms,
    reason: row.reason,
    field: row.field,
    key: Buffer.from(row.key_text, 'base64'),
    payload: Buffer.from(row.payload_text, 'base64'),
  };
}

/** The table holds 1900 to 2299. */
const LEAST = Date.UTC(1900, 0, 1);
const MOST = Date.UTC(2299, 11, 31);

function valuesOf({ topic = '', reason = '', field = '', since = LEAST, until = MOST }: LetterSelection) {
  return { topic, reason, field, since, until };
}
