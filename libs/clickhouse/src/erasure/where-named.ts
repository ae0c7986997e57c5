import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { wordPattern } from './id-in-text';

/** A column in which an id still stands, and in how many rows. */
export interface PlaceOfId {
  table: string;
  column: string;
  rows: number;
}

/**
 * Searches every column of every table that can hold a text for an id (as a word of its own) and returns where it still
 * stands. Tombstones are not searched: they have to name it. Reads every text there is: minutes on a large store.
 */
export async function whereNamed(db: ClickHouseClient, id: string): Promise<PlaceOfId[]> {
  const pattern = wordPattern(id);
  const places: PlaceOfId[] = [];
  for (const { table, column } of await ask<{ table: string; column: string }>(db, 'erasure/text-columns', {})) {
    const [found] = await ask<{ rows: number }>(db, 'erasure/rows-that-name', { table, column, pattern });
    if (found && found.rows > 0) places.push({ table, column, rows: found.rows });
  }
  return places;
}

/** Tables with a column of this name, raw inputs last: from them it is known what else there is to erase. */
export async function eraseColumns(
  db: ClickHouseClient,
  column: 'host_id' | 'org_id',
): Promise<Array<{ table: string; column: string }>> {
  const tables = await ask<{ table: string }>(db, 'erasure/columns-of-name', { column });
  const raw = new Set(['bugchecks', 'installs', 'heartbeats']);
  const names = tables.map(({ table }) => table);
  return [...names.filter((name) => !raw.has(name)), ...names.filter((name) => raw.has(name))].map((table) => ({
    table,
    column,
  }));
}
