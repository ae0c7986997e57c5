import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** A dead letter as far as an audit needs it; `hash` is the SHA-256 of its payload in upper-case hexadecimal. */
export interface LetterAtOffset {
  offset: number;
  reason: string;
  hash: string;
}

/** The dead letters in the table that came from these offsets of a partition, both inclusive. */
export async function lettersAtOffsets(
  db: ClickHouseClient,
  topic: string,
  range: { partition: number; first: number; last: number },
): Promise<LetterAtOffset[]> {
  const values = { topic, source_partition: range.partition, first: range.first, last: range.last };
  const rows = await ask<{ source_offset: number; reason: string; hash: string }>(
    db,
    'audit/dead-letters-at-offsets',
    values,
  );
  return rows.map(({ source_offset, reason, hash }) => ({ offset: source_offset, reason, hash }));
}

/** Which of these contents (SHA-256 of canonical payloads) were put aside as losers of conflicts already. */
export async function knownConflictLetters(
  db: ClickHouseClient,
  topic: string,
  hashes: readonly string[],
): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await ask<{ hash: string }>(db, 'audit/known-conflict-letters', { topic, hashes });
  return new Set(rows.map(({ hash }) => hash));
}

/** Where a dead letter came from. */
export interface LetterSource {
  topic: string;
  partition: number;
  offset: number;
}

const PAGE = 10_000;

/** Where the dead letters in the table came from that were stored since `since` (seconds since 1970 UTC), page by page. */
export async function* deadLettersSince(db: ClickHouseClient, since: number): AsyncGenerator<LetterSource[]> {
  for (let after: LetterSource = { topic: '', partition: 0, offset: -1 }; ;) {
    const rows = await ask<{ source_topic: string; source_partition: number; source_offset: number }>(
      db,
      'audit/dead-letters-since',
      {
        since,
        after_topic: after.topic,
        after_partition: after.partition,
        after_offset: after.offset,
        most: PAGE,
      },
    );
    const page = rows.map((row) => ({
      topic: row.source_topic,
      partition: row.source_partition,
      offset: row.source_offset,
    }));
    yield page;
    if (page.length < PAGE) return;
    after = page.at(-1) as LetterSource;
  }
}
