import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { statementsOf } from '../statements-of';
import { clusterStatements, deleteOnCluster } from './cluster-statements';
import { shardKeys } from './shard-keys';

const folder = join(__dirname, '..', 'migrations');
const statements = readdirSync(folder)
  .sort()
  .flatMap((file) => statementsOf(readFileSync(join(folder, file), 'utf8')).map((text) => ({ file, text })));
const layout = { cluster: 'ringwatch', database: 'ringwatch', replicated: true };

describe('the schema of a cluster', () => {
  it.each([
    {
      name: 'a table is replicated in its shard, and stands for all shards under its own name',
      statement: 'CREATE TABLE IF NOT EXISTS hosts\n(host_id String)\nENGINE = AggregatingMergeTree\nORDER BY host_id',
      local: [
        "CREATE TABLE IF NOT EXISTS hosts ON CLUSTER 'ringwatch'\n(host_id String)\nENGINE = ReplicatedAggregatingMergeTree\nORDER BY host_id",
      ],
      all: [
        "CREATE OR REPLACE TABLE hosts ON CLUSTER 'ringwatch' AS ringwatch_local.hosts ENGINE = Distributed('ringwatch', 'ringwatch_local', 'hosts', cityHash64(host_id))",
      ],
    },
    {
      name: 'a view feeds the tables of its own shard',
      statement: 'CREATE MATERIALIZED VIEW IF NOT EXISTS v TO hosts AS SELECT 1 FROM installs',
      local: ["CREATE MATERIALIZED VIEW IF NOT EXISTS v ON CLUSTER 'ringwatch' TO hosts AS SELECT 1 FROM installs"],
      all: [],
    },
    {
      name: 'an index is of the shards alone',
      statement: 'ALTER TABLE hosts ADD INDEX IF NOT EXISTS host host_id TYPE minmax',
      local: ["ALTER TABLE hosts ON CLUSTER 'ringwatch' ADD INDEX IF NOT EXISTS host host_id TYPE minmax"],
      all: [],
    },
    {
      name: 'rows that are made again come from all shards and go to all shards',
      statement: 'INSERT INTO changed_hours (hour) SELECT 1 FROM bugchecks',
      local: [],
      all: ['INSERT INTO changed_hours (hour) SELECT 1 FROM bugchecks'],
    },
  ])('$name', ({ statement, local, all }) => {
    const made = clusterStatements(statement, layout);
    const of = (database: string) => made.filter((each) => each.database === database).map(({ text }) => text);
    expect(of('ringwatch_local')).toEqual(local);
    expect(of('ringwatch')).toEqual(all);
  });

  it('is derived from every migration', () => {
    expect(statements.length).toBeGreaterThan(40);
    for (const { text } of statements) expect(clusterStatements(text, layout).length).toBeGreaterThan(0);
    const tables = statements.flatMap(({ text }) => /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(text)?.[1] ?? []);
    const dropped = statements.flatMap(({ text }) => /^DROP TABLE IF EXISTS (\w+)/.exec(text)?.[1] ?? []);
    const kept = tables.filter((name) => !dropped.includes(name));
    expect([...kept, 'schema_migrations'].sort()).toEqual(
      Object.keys(shardKeys).filter((name) => !dropped.includes(name)),
    );
  });

  it('lets copies of a row meet: the shard key is part of the sorting key, or of the event that stands in it', () => {
    for (const [table, key] of Object.entries(shardKeys)) {
      const made = statements.find(({ text }) => text.startsWith(`CREATE TABLE IF NOT EXISTS ${table}\n`))?.text;
      const sortingKey = /^ORDER BY (.*)$/m.exec(made ?? `ORDER BY ${key}`)?.[1];
      const keys = sortingKey?.includes('event_id') ? [key, 'event_id'] : [key];
      expect([table, keys.some((each) => sortingKey?.includes(each))]).toEqual([table, true]);
    }
  });

  it('deletes rows in every shard', () => {
    expect(
      deleteOnCluster('-- why\nDELETE FROM {table: Identifier}\nWHERE a IN (SELECT a FROM conflicts)', layout),
    ).toBe(
      "-- why\nDELETE FROM ringwatch_local.{table: Identifier} ON CLUSTER 'ringwatch'\nWHERE a IN (SELECT a FROM conflicts)",
    );
  });
});
