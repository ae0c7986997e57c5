import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectClickHouse, migrate } from '@ringwatch/clickhouse';
import { type ClickHouseServer, startClickHouse } from '../support/platform';

const built = join(__dirname, '..', '..', 'libs', 'clickhouse', 'dist', 'index.js');

describe('migrations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringwatch-migrate-'));
  let server: ClickHouseServer;
  let databases = 0;

  beforeAll(async () => {
    server = await startClickHouse({ folder });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const settingsOfNew = () => ({ url: server.url, database: `m${++databases}`, username: 'default', password: '' });

  /** What tables there are and how they are made; locks aside. */
  async function schemaOf({ database, ...settings }: ReturnType<typeof settingsOfNew>): Promise<string[]> {
    const db = connectClickHouse({ ...settings, database });
    const query =
      "SELECT name, create_table_query AS made FROM system.tables WHERE database = currentDatabase() AND name NOT LIKE 'schema_lock_%' ORDER BY name";
    const rows = await (await db.query({ query, format: 'JSONEachRow' })).json<{ name: string; made: string }>();
    await db.close();
    return rows.map(({ made }) => made.replaceAll(`${database}.`, ''));
  }

  /** A process of its own that migrates as a service does at its start; it prints each file that it ran. */
  function migratingProcess(settings: ReturnType<typeof settingsOfNew>) {
    const program = `require(${JSON.stringify(built)}).migrate(${JSON.stringify(settings)}, (file) => console.log(file))`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    const reader = createInterface(child.stdout);
    const firstLine = new Promise((seen) => reader.once('line', seen));
    reader.on('line', (line) => lines.push(line));
    const ended = new Promise<{ code: number | null; lines: string[] }>((done) =>
      child.once('close', (code) => done({ code, lines })),
    );
    return { firstLine, ended, kill: () => child.kill('SIGKILL') };
  }

  it('run once each, in order, and then no more', async () => {
    const settings = settingsOfNew();
    const applied: string[] = [];
    await migrate(settings, (file) => applied.push(file));
    expect(applied.length).toBeGreaterThan(0);
    expect(applied).toEqual([...applied].sort());
    await migrate(settings, (file) => applied.push(`again ${file}`));
    expect(applied.filter((file) => file.startsWith('again'))).toEqual([]);
  });

  it('run once each when five processes start at once, and leave what one would', async () => {
    const [alone, together] = [settingsOfNew(), settingsOfNew()];
    const applied: string[] = [];
    await migrate(alone, (file) => applied.push(file));
    const said = await Promise.all(Array.from({ length: 5 }, () => migratingProcess(together).ended));
    expect(said.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(said.flatMap(({ lines }) => lines).sort()).toEqual(applied);
    expect(await schemaOf(together)).toEqual(await schemaOf(alone));
  });

  it('are taken up by another process when the one that ran them was killed', async () => {
    const [alone, cutOff] = [settingsOfNew(), settingsOfNew()];
    await migrate(alone);
    const process = migratingProcess(cutOff);
    await process.firstLine;
    process.kill();
    const { lines } = await process.ended;
    const applied: string[] = [];
    await migrate(cutOff, (file) => applied.push(file), { leaseMs: 1_000 });
    expect(applied.length).toBeGreaterThan(0);
    expect(applied.filter((file) => lines.includes(file))).toEqual([]);
    expect(await schemaOf(cutOff)).toEqual(await schemaOf(alone));
  });

  it('wait for a holder that is alive, however long it takes', async () => {
    const settings = settingsOfNew();
    await migrate(settings, undefined, { upTo: 1 });
    const db = connectClickHouse(settings);
    await db.command({
      query:
        'CREATE TABLE schema_lock_2 (holder String, state String, noted_at DateTime64(3) DEFAULT now64(3)) ENGINE = MergeTree ORDER BY noted_at',
    });
    const say = (state: string) =>
      db.insert({ table: 'schema_lock_2', values: [{ holder: 'another', state }], format: 'JSONEachRow' });
    const applied: string[] = [];
    const migrating = migrate(settings, (file) => applied.push(file), { leaseMs: 1_500 });
    for (let times = 1; times <= 3; times++) {
      await say('held');
      await sleep(700);
    }
    expect(applied).toEqual([]);
    await say('released');
    await migrating;
    await db.close();
    expect(applied.length).toBeGreaterThan(0);
  });

  it('leave a schema alone that is newer than they are', async () => {
    const settings = settingsOfNew();
    await migrate(settings);
    const applied: string[] = [];
    await migrate(settings, (file) => applied.push(file), { upTo: 5 });
    expect(applied).toEqual([]);
  });

  it('refuse to go on when one that has run was changed since, and name it', async () => {
    const settings = settingsOfNew();
    await migrate(settings);
    const db = connectClickHouse(settings);
    const changed = { file: '0001_add_raw_events.sql', checksum: 'another', applied_at: '2100-01-01 00:00:00' };
    await db.command({ query: 'TRUNCATE TABLE schema_migrations' });
    await db.insert({ table: 'schema_migrations', values: [changed], format: 'JSONEachRow' });
    await db.close();
    await expect(migrate(settings)).rejects.toThrow(
      'migration 0001_add_raw_events.sql was changed after it had run here',
    );
  });
});
