import type { ClickHouseClient } from '@clickhouse/client';
import { clusterDatabases, clusterStatements, type ClusterLayout, shardDatabase } from './cluster/cluster-statements';
import { textOf } from './ask';
import { type ClickHouseSettings, connectClickHouse } from './connect';
import { migrations } from './migrations';
import { statementsOf } from './statements-of';

/**
 * Brings servers that have no Keeper between them to the schema of a cluster, each statement on each server: for trying out
 * shards and replicas, where rows are written to every replica (`internal_replication` is false). Real ones use `migrate`.
 */
export async function migrateByHand(servers: readonly ClickHouseSettings[], cluster: string): Promise<void> {
  const [first] = servers;
  if (!first) return;
  const layout: ClusterLayout = { cluster, database: first.database, replicated: false };
  for (const server of servers) await onServer({ ...server, database: 'system' }, clusterDatabases(layout));
  const all = servers.map((server) => ({ server, db: connectClickHouse({ ...server, cluster }) }));
  const locals = servers.map((server) => connectClickHouse({ ...server, database: shardDatabase(layout) }));
  const change = async (statement: string) => {
    for (const { database, text } of clusterStatements(statement, layout)) {
      const clients = database === layout.database ? all.map(({ db }) => db) : locals;
      for (const db of text.startsWith('INSERT') ? clients.slice(0, 1) : clients) await db.command({ query: text });
    }
  };
  try {
    for (const statement of statementsOf(textOf('schema/create-schema-migrations'))) await change(statement);
    for (const { file, text, checksum } of migrations()) {
      for (const statement of statementsOf(text)) await change(statement);
      await all[0]!.db.insert({ table: 'schema_migrations', values: [{ file, checksum }], format: 'JSONEachRow' });
    }
  } finally {
    for (const db of [...all.map((each) => each.db), ...locals]) await db.close();
  }
}

async function onServer(settings: ClickHouseSettings, statements: readonly string[]): Promise<void> {
  const db: ClickHouseClient = connectClickHouse(settings);
  try {
    for (const query of statements) await db.command({ query });
  } finally {
    await db.close();
  }
}
