import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from './ask';
import { clusterDatabases, type ClusterLayout, clusterStatements, shardDatabase } from './cluster/cluster-statements';
import { connectClickHouse, ClickHouseSettings, layoutOf } from './connect';

/** Statements that fill a table, and those that go to every server of a cluster, take their time. */
const TIMEOUT_MS = 5 * 60_000;

/** Where migrations run: a single server, or a cluster. */
export interface Schema {
  /** The database that everybody asks. */
  db: ClickHouseClient;
  /** Where its tables lie on the server that was asked: the same database on a single server. */
  local: ClickHouseClient;
  /** Runs a statement of a migration. */
  change: (statement: string) => Promise<void>;
  close: () => Promise<void>;
}

/** Connects, and makes the databases where they are missing. */
export async function openSchema(settings: ClickHouseSettings): Promise<Schema> {
  const connect = (database: string) => connectClickHouse({ ...settings, database }, { timeoutMs: TIMEOUT_MS });
  const db = connect(settings.database);
  const layout = layoutOf(db);
  await makeDatabases(settings, layout);
  const local = layout ? connect(shardDatabase(layout)) : db;
  const change = async (statement: string) => {
    if (!layout) return void (await db.command({ query: statement }));
    for (const { database, text } of clusterStatements(statement, layout))
      await (database === settings.database ? db : local).command({ query: text });
  };
  const close = async () => {
    for (const client of new Set([db, local])) await client.close();
  };
  return { db, local, change, close };
}

async function makeDatabases(settings: ClickHouseSettings, layout: ClusterLayout | undefined): Promise<void> {
  const server = connectClickHouse({ ...settings, database: 'system' });
  const databases = layout ? [shardDatabase(layout), layout.database] : [settings.database];
  const statements = layout ? clusterDatabases(layout) : ['CREATE DATABASE IF NOT EXISTS {database:Identifier}'];
  try {
    if ((await ask(server, 'schema/missing-databases', { databases })).length === 0) return;
    for (const query of statements) await server.command({ query, query_params: { database: settings.database } });
  } finally {
    await server.close();
  }
}
