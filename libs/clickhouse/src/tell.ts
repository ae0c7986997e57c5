import type { ClickHouseClient } from '@clickhouse/client';
import { textOf } from './ask';
import { deleteOnCluster } from './cluster/cluster-statements';
import { layoutOf } from './connect';

/**
 * Runs one statement that changes something: `<folder>/<name>.sql` with its values bound. Waits until the change is done
 * on disk, deletions and updates included; gives how many rows an `INSERT … SELECT` wrote.
 * @throws when it is not known to be done
 */
export async function tell(db: ClickHouseClient, statement: string, values: Record<string, unknown>): Promise<number> {
  const layout = layoutOf(db);
  const { summary } = await db.command({
    query: layout ? deleteOnCluster(textOf(statement), layout) : textOf(statement),
    query_params: values,
    clickhouse_settings: { log_comment: statement, mutations_sync: '1', lightweight_deletes_sync: '1' as never },
  });
  return Number(summary?.written_rows ?? 0);
}
