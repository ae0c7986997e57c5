import { Notebook, decideStored } from '@ringwatch/backtest';
import { type ClickHouseClient, storeIncidentChanges } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAlone } from '../support/command';
import { type ClickHouseServer, startClickHouse } from '../support/platform';
import { storeRecords } from '../support/replay';
import { lateInstalls } from '../support/rough-world';
import { freshDatabase } from '../support/tables';

const NOW = Date.parse('2024-07-19T04:00:00Z');

describe('ringwatch replay', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-replay-'));
  let clickhouse: ClickHouseServer;
  let db: ClickHouseClient;
  let env: Record<string, string | undefined>;
  let changes: IncidentChange[];

  /** As the live detector does, which keeps what it decides in the table. */
  beforeAll(async () => {
    clickhouse = await startClickHouse({ folder });
    db = await freshDatabase(clickhouse.url);
    const [named] = await db
      .query({ query: 'SELECT currentDatabase() AS name', format: 'JSONEachRow' })
      .then((rows) => rows.json<{ name: string }>());
    env = { PATH: process.env['PATH'], CLICKHOUSE_URL: clickhouse.url, CLICKHOUSE_DATABASE: named!.name };
    await storeRecords(db, lateInstalls(NOW, 40 * 60_000));
    const notebook = new Notebook();
    await decideStored(db, notebook, { name: 'live' });
    ({ changes } = notebook);
    await storeIncidentChanges(db, changes);
  });
  afterAll(async () => {
    await db?.close();
    await clickhouse.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const replay = (...args: string[]) => runAlone(['replay', changes[0]!.incident_id, ...args], env);

  it('decides the opening again, the same to the byte', async () => {
    const { code, out } = await replay('--json');
    const [opened] = changes;
    expect(JSON.parse(out)).toEqual({ decided: opened, again: opened, differences: [] });
    expect(code).toBe(0);
  });

  it('shows the numbers behind the opening to a person', async () => {
    const { code, out } = await replay();
    const { observed, exposed_hosts } = changes[0]!.evidence;
    expect(out).toContain(`observed  ${observed} of ${exposed_hosts} exposed hosts`);
    expect(out).toContain('again     the same, byte for byte');
    expect(code).toBe(0);
  });

  it.each([
    ['an incident that nobody knows', ['replay', 'inc-nobody'], /wanted an incident that is stored, got "inc-nobody"/],
    ['no incident', ['replay'], /wanted the id of one incident/],
  ])('ends with 2 for %s', async (_, args, message) => {
    const { code, err } = await runAlone(args, env);
    expect(err).toMatch(message);
    expect(code).toBe(2);
  });

  it('ends with 2 for a change that there is not', async () => {
    const { code, err } = await replay('--sequence', '99');
    expect(err).toContain(`--sequence: wanted 1 to ${changes.length}, got 99`);
    expect(code).toBe(2);
  });

  it('names what differs once something of it is gone', async () => {
    await db.command({
      query: 'DELETE FROM bugchecks WHERE host_id IN (SELECT host_id FROM bugchecks ORDER BY host_id LIMIT 1)',
      clickhouse_settings: { lightweight_deletes_sync: '2' },
    });
    const { code, out } = await replay();
    expect(code).toBe(1);
    expect(out).toMatch(/again {5}(nothing|\d+ fields differ)/);
  });
});
