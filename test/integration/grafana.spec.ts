import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { type ClickHouseServer, startClickHouse } from '../support/platform';
import { freshDatabase } from '../support/tables';

const file = join(__dirname, '..', '..', 'deploy', 'observability', 'grafana', 'dashboards', 'ringwatch.json');
const dashboard = JSON.parse(readFileSync(file, 'utf8')) as {
  annotations: { list: Array<{ name: string; target: { rawSql: string } }> };
  panels: Array<{ title: string; targets?: Array<{ rawSql?: string }> }>;
};
const questions = [
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ rawSql }) => ({ title, sql: rawSql }))),
  ...dashboard.annotations.list.map(({ name, target }) => ({ title: name, sql: target.rawSql })),
].filter((each): each is { title: string; sql: string } => each.sql !== undefined);

/** What the data source puts in place of its macros, for the last three hours. */
const withoutMacros = (sql: string) =>
  sql
    .replace(/\$__timeFilter\((\w+)\)/g, '$1 >= toDateTime(now() - 10800) AND $1 <= toDateTime(now())')
    .replaceAll('$__fromTime', 'toDateTime(now() - 10800)');

describe("Grafana's dashboard", () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-grafana-'));
  let server: ClickHouseServer;
  let db: ClickHouseClient;

  beforeAll(async () => {
    server = await startClickHouse({ folder });
    db = await freshDatabase(server.url);
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(questions)('$title is a question that the schema answers', async ({ sql }) => {
    const answer = await db.query({ query: withoutMacros(sql), format: 'JSONCompactEachRowWithNamesAndTypes' });
    const [names] = (await answer.json()) as string[][];
    expect(names!.length).toBeGreaterThan(1);
  });
});
