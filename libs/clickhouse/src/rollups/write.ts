import type { ClickHouseClient } from '@clickhouse/client';
import { textOf } from '../ask';

/**
 * Runs one `INSERT … SELECT`: `<folder>/<name>.sql` with its values bound. Answers how many rows were written.
 * @throws when it is not known to be written
 */
export async function write(db: ClickHouseClient, statement: string, values: Record<string, unknown>): Promise<number> {
  const { summary } = await db.command({
    query: textOf(statement),
    query_params: values,
    clickhouse_settings: { log_comment: statement },
  });
  return Number(summary?.written_rows ?? 0);
}
