import type { ClickHouseClient } from '@clickhouse/client';
import { textOf } from './ask';

/**
 * Runs one statement that changes something: `<folder>/<name>.sql` with its values bound. Waits until the change is done
 * on disk, deletions and updates included. @throws when it is not known to be done
 */
export async function tell(db: ClickHouseClient, statement: string, values: Record<string, unknown>): Promise<void> {
  await db.command({
    query: textOf(statement),
    query_params: values,
    clickhouse_settings: { log_comment: statement, mutations_sync: '1', lightweight_deletes_sync: '1' as never },
  });
}
