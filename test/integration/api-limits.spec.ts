import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiUnderTest, startApiUnderTest } from '../support/api';
import { eventually } from '../support/stack';

const slow =
  '/api/v1/aggregates?group_by=driver,driver_version,country,org_id,os_build,bugcheck_code&bucket=1s&limit=10000';

interface Running {
  question: string;
  settings: Record<string, string>;
}

describe('limits that protect ClickHouse', () => {
  let api: ApiUnderTest;
  const rowsOf = async <Row>(query: string) => {
    const answer = await api.db.query({ query, format: 'JSONEachRow' });
    return answer.json<Row>();
  };
  /** What the server works on for the api. */
  const running = () =>
    rowsOf<Running>(
      `SELECT Settings['log_comment'] AS question, Settings AS settings FROM system.processes
       WHERE Settings['log_comment'] LIKE 'aggregates/%'`,
    );
  const isRunning = (rows: Running[]) => rows.length > 0;

  const fill = (prefix: string, day: string) =>
    api.db.command({
      query: `INSERT INTO bugchecks (event_id, occurred_at, received_at, host_id, org_id, country, driver)
              SELECT concat({prefix: String}, toString(number)), toDateTime64({day: String}, 3, 'UTC') + number % 864000, now64(3),
                  toString(number % 1003), toString(number % 97), 'DE', toString(number % 101)
              FROM numbers(100000)`,
      query_params: { prefix, day },
    });

  beforeAll(async () => {
    api = await startApiUnderTest(
      { API_QUERY_TIMEOUT_SECONDS: '3', API_QUERY_MAX_ROWS: '150000' },
      // So that a question takes seconds, however fast the machine is: after each block the server waits, a second at most, hence small blocks.
      { ch_max_execution_speed: '10000', ch_timeout_before_checking_execution_speed: '0', ch_max_block_size: '1000' },
    );
    await fill('a', '2024-07-19 00:00:00');
  });
  afterAll(() => api.stop());

  it('end a question whose client has gone', async () => {
    const gone = new AbortController();
    const asked = fetch(`${api.url}${slow}`, { signal: gone.signal }).catch((error: Error) => error.name);
    const [seen] = await eventually(running, isRunning, 5_000);
    expect(seen).toMatchObject({ settings: { readonly: '2', max_execution_time: '3', max_rows_to_read: '150000' } });
    const goneAt = Date.now();
    gone.abort();
    expect(await asked).toBe('AbortError');
    expect(await eventually(running, (rows) => !isRunning(rows), 5_000)).toEqual([]);
    expect(Date.now() - goneAt).toBeLessThan(1_500);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    expect(metrics).toMatch(/question="aggregate-crashes",outcome="given up"\} 1/);
  });

  it('end a question after its time, and say so', async () => {
    const answer = await fetch(`${api.url}${slow}&hosts=exact`);
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
      503,
      'urn:ringwatch:problem:store_unavailable',
    ]);
    expect(await eventually(running, (rows) => !isRunning(rows), 3_000)).toEqual([]);
  });

  it('refuse a question that would read too many rows', async () => {
    await fill('b', '2024-08-19 00:00:00');
    const answer = await fetch(`${api.url}/api/v1/aggregates?group_by=country`);
    expect([answer.status, await answer.json()]).toMatchObject([422, { type: 'urn:ringwatch:problem:too_costly' }]);
    const less = await fetch(`${api.url}/api/v1/aggregates?group_by=country&since=2024-09-19T00:00:00Z`);
    expect(less.status).toBe(200);
  });

  it('are there for a user of its own too: the statements are ones that ClickHouse understands', async () => {
    const file = join(__dirname, '..', '..', 'deploy', 'examples', 'clickhouse', 'read-only-user.sql');
    const statements = readFileSync(file, 'utf8')
      .replace(/^--.*$/gm, '')
      .split(/;\s*$/m)
      .map((text) => text.trim())
      .filter((text) => text !== '');
    expect(statements).toHaveLength(7);
    for (const statement of statements) expect(await rowsOf(`EXPLAIN AST ${statement}`)).not.toEqual([]);
  });
});
