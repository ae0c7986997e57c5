import { missingTables } from './aggregates/missing-tables';
import { ask, textOf } from './ask';
import { ClickHouseSettings } from './connect';
import { type LockOptions, underLock } from './migration-lock';
import { type Migration, migrations } from './migrations';
import { openSchema, type Schema } from './schema-target';
import { statementsOf } from './statements-of';

/** For tests: how the world was, or is to be. */
export interface MigrateOptions extends LockOptions {
  /** The last migration to run, by its number: the schema as an earlier version had it. */
  upTo?: number;
}

/**
 * Brings the database to the newest schema: creates it when missing and runs each numbered file that has not run yet, one
 * process at a time. Every statement can be repeated, so a run that was cut off does no harm. A schema that is newer than this
 * program is left alone: while versions are exchanged, both run on it. On a cluster the same files make the same tables,
 * spread over its servers.
 * @throws Error when a file that has already run was changed since: released migrations are never edited.
 */
export async function migrate(
  settings: ClickHouseSettings,
  onApplied: (file: string) => void = () => undefined,
  options: MigrateOptions = {},
): Promise<void> {
  const schema = await openSchema(settings);
  try {
    const wanted = migrations(options.upTo);
    if ((await missing(schema, wanted)).length === 0) return;
    // Looked at again under the lock: whoever had it before has probably run them all.
    await underLock(schema.local, async () => runAll(schema, await missing(schema, wanted), onApplied), options);
  } finally {
    await schema.close();
  }
}

async function missing(schema: Schema, wanted: readonly Migration[]): Promise<Migration[]> {
  if ((await missingTables(schema.db, ['schema_migrations'])).length > 0)
    for (const statement of statementsOf(textOf('schema/create-schema-migrations'))) await schema.change(statement);
  const rows = await ask<{ file: string; checksum: string }>(schema.db, 'schema/applied-migrations', {});
  const applied = new Map(rows.map((row) => [row.file, row.checksum]));
  for (const { file, checksum } of wanted) {
    if (applied.has(file) && applied.get(file) !== checksum)
      throw new Error(`migration ${file} was changed after it had run here: restore it and add a new file instead`);
  }
  return wanted.filter(({ file }) => !applied.has(file));
}

async function runAll(schema: Schema, wanted: readonly Migration[], onApplied: (file: string) => void): Promise<void> {
  for (const { file, text, checksum } of wanted) {
    for (const statement of statementsOf(text)) await schema.change(statement);
    await schema.db.insert({ table: 'schema_migrations', values: [{ file, checksum }], format: 'JSONEachRow' });
    onApplied(file);
  }
}
