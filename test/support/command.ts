import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { AuditWorld } from './audit-world';
import { GROUP } from './audit-world';

const entry = join(__dirname, '..', '..', 'services', 'cli', 'dist', 'main.js');

/** Runs the built `ringwatch` against a world of a test: its exit code and what it said. */
export async function runCommand(
  at: AuditWorld,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const [row] = await at.rows<{ name: string }>('SELECT currentDatabase() AS name');
  const settings = {
    PATH: process.env['PATH'],
    KAFKA_BROKERS: at.platform.kafkaBrokers.join(','),
    CLICKHOUSE_URL: at.platform.clickhouseUrl,
    CLICKHOUSE_DATABASE: row!.name,
    INGEST_GROUP_ID: GROUP,
    ...env,
  };
  return new Promise((done) =>
    execFile(process.execPath, [entry, ...args], { env: settings }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    ),
  );
}
