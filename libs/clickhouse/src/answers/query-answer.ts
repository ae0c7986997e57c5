import { Readable } from 'node:stream';
import { type ClickHouseClient, ResultSet } from '@clickhouse/client';

export type Query = Parameters<ClickHouseClient['query']>[0];

/** What came of a question, whole, so that it can be given to many. */
export interface Answer {
  text: string;
  result: Pick<ResultSet<unknown>, 'query_id' | 'response_headers'>;
}

/** The same for questions of which one answer will do for all: equal text, values and settings. */
export function keyOf(question: Query): string {
  return JSON.stringify({ ...question, abort_signal: undefined }, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}

/** How many rows were read for it: ClickHouse says so in a header when it is done. */
export function rowsRead({ response_headers }: Answer['result']): number {
  const summary = response_headers['x-clickhouse-summary'];
  if (typeof summary !== 'string') return 0;
  return Number((JSON.parse(summary) as { read_rows?: string }).read_rows ?? 0);
}

export async function readAnswer(result: { text(): Promise<string> } & Answer['result']): Promise<Answer> {
  return { text: await result.text(), result };
}

/** The answer as a client gives it, to be read once. */
export function resultSetOf({ text, result }: Answer, { format }: Query): ResultSet<unknown> {
  const { query_id, response_headers } = result;
  return new ResultSet(Readable.from([Buffer.from(text)]), format, query_id, undefined, response_headers);
}
