import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouseClient } from '@ringwatch/clickhouse';

const question = readFileSync(join(__dirname, 'visible-rows.sql'), 'utf8');

/** How far each partition of `bugchecks` can be read: its rows, and the offset after the last of them. */
export async function visibleRows(
  db: ClickHouseClient,
): Promise<Array<{ partition: number; stored: number; end: number }>> {
  const answer = await db.query({ query: question, format: 'JSONEachRow' });
  return answer.json();
}
