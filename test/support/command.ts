import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { AuditWorld } from './audit-world';
import { GROUP } from './audit-world';

const entry = join(__dirname, '..', '..', 'services', 'cli', 'dist', 'main.js');

/** What a command said, and its exit code. */
export interface Said {
  code: number;
  out: string;
  err: string;
}

/** Runs the built `ringwatch` against a world of a test: its exit code and what it said. */
export async function runCommand(at: AuditWorld, args: string[], env: Record<string, string> = {}): Promise<Said> {
  const [row] = await at.rows<{ name: string }>('SELECT currentDatabase() AS name');
  const settings = {
    PATH: process.env['PATH'],
    KAFKA_BROKERS: at.platform.kafkaBrokers.join(','),
    CLICKHOUSE_URL: at.platform.clickhouseUrl,
    CLICKHOUSE_DATABASE: row!.name,
    INGEST_GROUP_ID: GROUP,
    ...env,
  };
  return runAlone(args, settings);
}

/** Runs the built `ringwatch` on its own. */
export function runAlone(args: string[], env: Record<string, string | undefined> = process.env): Promise<Said> {
  return new Promise((done) =>
    execFile(process.execPath, [entry, ...args], { env, maxBuffer: 64 * 1024 * 1024 }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    ),
  );
}
