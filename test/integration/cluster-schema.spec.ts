import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterSchema, type ClickHouseClient, connectClickHouse } from '@ringwatch/clickhouse';
import { type ClickHouseServer, startClickHouse } from '../support/platform';

const statements = clusterSchema('ringwatch', 'ringwatch');

/** A server without Keeper cannot run these statements; its parser says whether it understands them, and as what. */
describe('the schema of a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-cluster-'));
  let server: ClickHouseServer;
  let db: ClickHouseClient;

  beforeAll(async () => {
    server = await startClickHouse({ folder });
    db = connectClickHouse({ url: server.url, database: 'system', username: 'default', password: '' });
  });
  afterAll(async () => {
    await db.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const parsed = async (text: string) => {
    const answer = await db.query({ query: `EXPLAIN AST ${text}`, format: 'TabSeparatedRaw' });
    return answer.text();
  };

  it('is understood by ClickHouse, statement by statement', async () => {
    expect(statements.length).toBeGreaterThan(80);
    for (const text of statements) expect(await parsed(text)).toMatch(/^(Create|Alter|Drop|Insert)Query/);
  });

  it('makes tables that are replicated, and one for all shards beside each', async () => {
    const made = (await Promise.all(statements.filter((text) => text.startsWith('CREATE')).map(parsed))).join('\n');
    expect(made).toContain('Function ReplicatedReplacingMergeTree');
    expect(made).toContain('Function Distributed');
    for (const text of statements.filter((each) => !each.startsWith('INSERT')))
      expect(text).toContain("ON CLUSTER 'ringwatch'");
  });

  it('would be refused if it were wrong', async () => {
    const wrong = statements.find((text) => text.startsWith('CREATE TABLE'))!.replace('ORDER BY', 'ORDERED BY');
    await expect(parsed(wrong)).rejects.toThrow('Syntax error');
  });
});
