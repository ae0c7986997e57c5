import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { layoutOf } from '../connect';

/** What a backup may be called: it becomes the name of a folder, and BACKUP takes no bound values. */
export const backupName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/** A name that is none, a database that is not empty, or a cluster: nothing was done. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

/**
 * Has the server write a copy of the whole database to its folder of backups (`backups.allowed_path`). Tables are copied one
 * after the other while they are written to; what they lack of each other comes back by reading Kafka again from `since`,
 * in milliseconds since 1970 UTC: the arrival time up to which everything was stored before it began.
 */
export async function backUp(db: ClickHouseClient, database: string, name: string): Promise<{ since: number }> {
  requireName(name);
  requireSingle(db);
  const since = await closedUntil(db);
  await db.command({ query: `BACKUP DATABASE ${identifier(database)} TO File('${name}')` });
  return { since };
}

/**
 * Brings a backup back, into a database that is not there or has no tables. Gives `since`, as above, by what was restored.
 * @param server a client of another database of the same server
 */
export async function restore(server: ClickHouseClient, database: string, name: string): Promise<void> {
  requireName(name);
  requireSingle(server);
  const [found] = await ask<{ tables: number }>(server, 'backup/count-tables', { database });
  if (found && found.tables > 0)
    throw new BackupRefused(
      `wanted an empty database ${database}, got one of ${found.tables} tables: drop it first, or restore into another (CLICKHOUSE_DATABASE)`,
    );
  await server.command({ query: `RESTORE DATABASE ${identifier(database)} FROM File('${name}')` });
}

/** The least arrival clock: up to there every partition is stored. 0 when nothing has come yet. */
export async function closedUntil(db: ClickHouseClient): Promise<number> {
  const [row] = await ask<{ closed_until: number }>(db, 'backup/closed-until', {});
  return row?.closed_until ?? 0;
}

function requireName(name: string): void {
  if (!backupName.test(name))
    throw new BackupRefused(`wanted a name of letters, digits, - and _, at most 100, got ${JSON.stringify(name)}`);
}

function requireSingle(db: ClickHouseClient): void {
  if (layoutOf(db)) throw new BackupRefused('wanted a single server, got a cluster: docs/operations/backup.md');
}

/** Settings let nothing through that would need quoting. */
function identifier(database: string): string {
  if (!/^\w+$/.test(database))
    throw new BackupRefused(`wanted the name of a database, got ${JSON.stringify(database)}`);
  return database;
}
