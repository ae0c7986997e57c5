import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';
import { tell } from '../tell';
import { withoutWord, wordPattern } from './id-in-text';

type Row = Record<'occurred_at' | 'received_at', number> & { muted_until: number | null; text: string };

/** Writes the actions of people whose words name an id anew, without it, then removes the old ones. What they did stays. */
export async function rewriteActions(db: ClickHouseClient, id: string): Promise<void> {
  const pattern = wordPattern(id);
  const rows = await ask<Row>(db, 'erasure/actions-that-name', { pattern });
  if (rows.length === 0) return;
  const values = rows.map((row) => ({
    ...row,
    occurred_at: toDateTime64(row.occurred_at),
    received_at: toDateTime64(row.received_at),
    muted_until: row.muted_until === null ? null : toDateTime64(row.muted_until),
    text: withoutWord(row.text, id),
  }));
  await db.insert({ table: 'incident_actions', values, format: 'JSONEachRow' });
  await tell(db, 'erasure/delete-actions-that-name', { pattern });
}
