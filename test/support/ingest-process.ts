import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Service, freePort, startService } from '@ringwatch/platform';
import type { Platform } from './platform';

const entry = join(__dirname, '..', '..', 'services', 'ingest', 'dist', 'main.js');

/** The built ingest as a process of its own, with what it said. */
export class IngestProcess {
  readonly said: Array<{ level: string; msg: string; [field: string]: unknown }> = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'ringwatch-ingest-'));
  private service: Service | undefined;
  private port = 0;

  constructor(
    private readonly platform: Platform,
    private readonly database: string,
  ) {}

  async start(groupId: string): Promise<void> {
    this.port = await freePort();
    this.service = await startService({
      name: 'ingest',
      entry,
      port: this.port,
      logFile: join(this.folder, 'ingest.log'),
      onLine: (line) => line.startsWith('{') && this.said.push(JSON.parse(line)),
      env: {
        KAFKA_BROKERS: this.platform.kafkaBrokers.join(','),
        CLICKHOUSE_URL: this.platform.clickhouseUrl,
        CLICKHOUSE_DATABASE: this.database,
        INGEST_GROUP_ID: groupId,
      },
    });
  }

  /** kill -9; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.service?.kill();
  }

  async stop(): Promise<void> {
    await this.service?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async readiness(): Promise<{ status: number; body: string }> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/readyz`);
    return { status: answer.status, body: await answer.text() };
  }
}

/** Waits until something is so. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  for (const end = Date.now() + withinMs; !(await isSo()); await sleep(25))
    if (Date.now() > end) throw new Error(`it did not come to this within ${withinMs} ms: ${what}`);
}
