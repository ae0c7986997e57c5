import { shardKeys } from './shard-keys';

/** How the servers of a cluster are set up. */
export interface ClusterLayout {
  /** Its name in `remote_servers`. */
  cluster: string;
  /** The database that everybody asks: of each table it holds one that stands for all shards. */
  database: string;
  /** Replicas keep each other up to date by Keeper. Without it each statement goes to each server by hand: for tests alone. */
  replicated: boolean;
}

/** One statement, and the database in which its tables are named. */
export interface ClusterStatement {
  database: string;
  text: string;
}

/** Where the rows of a shard are. */
export const shardDatabase = ({ database }: Pick<ClusterLayout, 'database'>) => `${database}_local`;

/**
 * What does to a cluster what `statement`, one of a migration, does to a single server. Tables keep their text and their
 * names: they are made in the database of the shard, and beside each stands one of the same name for all shards.
 * @throws Error for a kind of statement that migrations have not had so far
 */
export function clusterStatements(statement: string, layout: ClusterLayout): ClusterStatement[] {
  // Names of a cluster and of databases cannot be bound, so that they must not need quoting.
  for (const each of [layout.cluster, layout.database])
    if (!/^\w+$/.test(each)) throw new Error(`wanted a name of letters, digits and _, got ${JSON.stringify(each)}`);
  const local = (text: string): ClusterStatement => ({ database: shardDatabase(layout), text });
  const [, kind, name] = heads.exec(statement) ?? [];
  if (!kind || !name) throw new Error(`no way to do this on a cluster: ${statement.slice(0, 80)}`);
  const onCluster = local(
    replicate(
      statement.replace(heads, (head) => head + where(layout)),
      kind,
      layout,
    ),
  );
  switch (kind.split(' ')[0]) {
    case 'INSERT':
      return [{ database: layout.database, text: statement }];
    case 'CREATE':
      return kind.startsWith('CREATE TABLE') ? [onCluster, standIn(name, layout)] : [onCluster];
    case 'ALTER':
      return /\b(ADD|MODIFY) COLUMN\b/.test(statement) ? [onCluster, standIn(name, layout)] : [onCluster];
    default:
      return kind.startsWith('DROP TABLE') ? [dropStandIn(name, layout), onCluster] : [onCluster];
  }
}

/**
 * A statement that deletes rows of one table, for all shards and replicas of a cluster. What it asks of other tables it asks
 * of all shards.
 */
export function deleteOnCluster(statement: string, layout: ClusterLayout): string {
  return statement.replace(
    /^(ALTER TABLE|DELETE FROM) (\w+|\{\w+: ?Identifier\})/m,
    (_, verb: string, table: string) => `${verb} ${shardDatabase(layout)}.${table}${where(layout)}`,
  );
}

/** The databases that have to be there first. */
export function clusterDatabases(layout: ClusterLayout): string[] {
  return [shardDatabase(layout), layout.database].map(
    (database) => `CREATE DATABASE IF NOT EXISTS ${database}${where(layout)}`,
  );
}

const heads =
  /^(CREATE TABLE IF NOT EXISTS|CREATE MATERIALIZED VIEW IF NOT EXISTS|ALTER TABLE|DROP VIEW IF EXISTS|DROP TABLE IF EXISTS|INSERT INTO) (\w+)/;

const where = ({ cluster, replicated }: ClusterLayout) => (replicated ? ` ON CLUSTER '${cluster}'` : '');

/** Path and name of a replica are left to the server's settings (`default_replica_path`), which hold the table's own id. */
function replicate(text: string, kind: string, { replicated }: ClusterLayout): string {
  if (!replicated || !kind.startsWith('CREATE TABLE')) return text;
  return text.replace(/^ENGINE = (\w*MergeTree)/m, 'ENGINE = Replicated$1');
}

function standIn(name: string, layout: ClusterLayout): ClusterStatement {
  const key = shardKeys[name];
  if (key === undefined) throw new Error(`no shard key for table ${name}: add it to shard-keys.ts`);
  const engine = `Distributed('${layout.cluster}', '${shardDatabase(layout)}', '${name}', cityHash64(${key}))`;
  const text = `CREATE OR REPLACE TABLE ${name}${where(layout)} AS ${shardDatabase(layout)}.${name} ENGINE = ${engine}`;
  return { database: layout.database, text };
}

function dropStandIn(name: string, layout: ClusterLayout): ClusterStatement {
  return { database: layout.database, text: `DROP TABLE IF EXISTS ${name}${where(layout)}` };
}
