import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** Names the tables that the database lacks: none once all migrations have run. */
export async function missingTables(db: ClickHouseClient, tables: readonly string[]): Promise<string[]> {
  const rows = await ask<{ name: string }>(db, 'aggregates/missing-tables', { tables });
  return rows.map((row) => row.name);
}
