import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';
import { tell } from '../tell';
import { ERASED, withoutWord, wordPattern } from './id-in-text';

const times = ['detected_at', 'opened_at', 'first_crash_at'] as const;
const texts = ['suspect', 'other_suspects', 'evidence', 'record'] as const;
type Row = Record<(typeof times)[number], number | null> & Record<(typeof texts)[number], string>;

/** Writes the changes of incidents that name an id anew, without it, then removes the old ones. Figures stay as they were. */
export async function rewriteIncidents(db: ClickHouseClient, id: string): Promise<void> {
  const named = { quoted: JSON.stringify(id), pattern: wordPattern(id) };
  const rows = await ask<Row>(db, 'erasure/incidents-that-name', named);
  if (rows.length === 0) return;
  const values = rows.map((row) => {
    const without: Record<string, unknown> = { ...row };
    for (const name of times) without[name] = row[name] === null ? null : toDateTime64(row[name]);
    for (const name of texts) without[name] = withoutId(row[name], id);
    return without;
  });
  await db.insert({ table: 'incidents', values, format: 'JSONEachRow' });
  await tell(db, 'erasure/delete-incidents-that-name', named);
}

/** A JSON text in which no string names the id any more, and no member; also what people wrote. What is no JSON loses the quoted id. */
export function withoutId(json: string, id: string): string {
  if (json === '') return json;
  try {
    return JSON.stringify(replaced(JSON.parse(json), id));
  } catch {
    return json.replaceAll(JSON.stringify(id), JSON.stringify(ERASED));
  }
}

function replaced(value: unknown, id: string): unknown {
  if (typeof value === 'string') return value === id ? ERASED : withoutWord(value, id);
  if (Array.isArray(value)) return value.map((each) => replaced(each, id));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name === id ? ERASED : name, replaced(inner, id)]),
  );
}
