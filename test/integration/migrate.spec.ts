import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectClickHouse, migrate } from '@ringwatch/clickhouse';
import { type ClickHouseServer, startClickHouse } from '@ringwatch/platform';

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

  async function tablesOf(settings: ReturnType<typeof settingsOfNew>): Promise<string[]> {
    const db = connectClickHouse(settings);
    const result = await db.query({ query: 'SHOW TABLES', format: 'JSONEachRow' });
    const rows = await result.json<{ name: string }>();
    await db.close();
    return rows.map(({ name }) => name);
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

  it('do no harm when several services start at once', async () => {
    const [alone, together] = [settingsOfNew(), settingsOfNew()];
    await migrate(alone);
    await Promise.all([migrate(together), migrate(together), migrate(together)]);
    expect(await tablesOf(together)).toEqual(await tablesOf(alone));
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
