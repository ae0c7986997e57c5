import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';

/** Where the `.sql` files are, seen from `src/` and from `dist/` alike. */
const sources = join(__dirname, '..', 'src');
const texts = new Map<string, string>();

/**
 * Asks one question: loads `<folder>/<name>.sql`, binds the values and returns its rows. The name goes along as
 * `log_comment`, so that the server's query log can be read by question. Values are only ever bound, never glued in.
 * Dates are bound as milliseconds: parameters are declared `Int64` there and read by `fromUnixTimestamp64Milli`.
 */
export async function ask<Row>(
  db: ClickHouseClient,
  question: string,
  values: Record<string, unknown>,
): Promise<Row[]> {
  const result = await db.query({
    query: textOf(question),
    query_params: values,
    format: 'JSONEachRow',
    clickhouse_settings: { log_comment: question },
  });
  return result.json<Row>();
}

/** Asks like `ask`, and answers each column as the list of its values: for very many rows. Without any row, no columns. */
export async function askColumns<Columns extends Record<string, unknown[]>>(
  db: ClickHouseClient,
  question: string,
  values: Record<string, unknown>,
): Promise<Columns | undefined> {
  const result = await db.query({
    query: textOf(question),
    query_params: values,
    format: 'JSONColumnsWithMetadata',
    clickhouse_settings: { log_comment: question },
  });
  const { data, rows } = JSON.parse(await result.text()) as { data: Columns; rows: number };
  return rows === 0 ? undefined : data;
}

/** The text of `<folder>/<name>.sql`. */
export function textOf(question: string): string {
  const known = texts.get(question);
  if (known !== undefined) return known;
  const text = readFileSync(join(sources, `${question}.sql`), 'utf8');
  texts.set(question, text);
  return text;
}
