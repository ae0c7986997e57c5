import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { ask, textOf } from './ask';
import { connectClickHouse, ClickHouseSettings } from './connect';

const folder = join(__dirname, '..', 'src', 'migrations');

/**
 * Brings the database to the newest schema: creates it when missing and runs each numbered file that has not run yet.
 * Every statement can be repeated, so a run that was cut off, or two services that start at once, do no harm.
 * @throws Error when a file that has already run was changed since: released migrations are never edited.
 */
export async function migrate(
  settings: ClickHouseSettings,
  onApplied: (file: string) => void = () => undefined,
): Promise<void> {
  const server = connectClickHouse({ ...settings, database: 'system' });
  await server
    .command({
      query: 'CREATE DATABASE IF NOT EXISTS {database:Identifier}',
      query_params: { database: settings.database },
    })
    .finally(() => server.close());
  const db = connectClickHouse(settings);
  try {
    const applied = await appliedMigrations(db);
    for (const file of readdirSync(folder)
      .filter((name) => name.endsWith('.sql'))
      .sort()) {
      const text = readFileSync(join(folder, file), 'utf8');
      const checksum = createHash('sha256').update(text).digest('hex');
      const before = applied.get(file);
      if (before === checksum) continue;
      if (before !== undefined)
        throw new Error(`migration ${file} was changed after it had run here: restore it and add a new file instead`);
      for (const statement of statementsOf(text)) await db.command({ query: statement });
      await db.insert({ table: 'schema_migrations', values: [{ file, checksum }], format: 'JSONEachRow' });
      onApplied(file);
    }
  } finally {
    await db.close();
  }
}

async function appliedMigrations(db: ClickHouseClient): Promise<Map<string, string>> {
  await db.command({ query: textOf('schema/create-schema-migrations') });
  const rows = await ask<{ file: string; checksum: string }>(db, 'schema/applied-migrations', {});
  return new Map(rows.map((row) => [row.file, row.checksum]));
}

/** Comments stand on lines of their own and statements end with a semicolon at the end of a line: so we write them. */
function statementsOf(text: string): string[] {
  const withoutComments = text.replace(/^\s*--.*$/gm, '');
  return withoutComments
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
