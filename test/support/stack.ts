import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClickHouseClient, connectClickHouse } from '@ringwatch/clickhouse';
import { type Service, freePort, startService } from '@ringwatch/platform';
import { type Platform, startPlatform } from './platform';

const services = join(__dirname, '..', '..', 'services');

/** Real Kafka, real ClickHouse and built services as processes of their own, for one story. */
export class Stack {
  private readonly running = new Map<string, Service>();
  private readonly ports = new Map<string, number>();
  private readonly logs = mkdtempSync(join(tmpdir(), 'ringwatch-stack-'));
  platform!: Platform;
  db!: ClickHouseClient;

  async start(): Promise<void> {
    this.platform = await startPlatform();
  }

  /** Starts a service that is started again when it crashes. */
  async run(name: string, env: Record<string, string> = {}): Promise<void> {
    const port = await freePort();
    this.ports.set(name, port);
    this.running.set(name, await startService({ ...this.launch(name, env), port, restartOnCrash: true }));
    this.db ??= connectClickHouse({
      url: this.platform.clickhouseUrl,
      database: 'ringwatch',
      username: 'default',
      password: '',
    });
  }

  /** Starts a job and waits for its end; its exit code. */
  async finish(name: string, env: Record<string, string>): Promise<number | null> {
    const job = await startService({ ...this.launch(name, env), port: await freePort() });
    this.running.set(name, job);
    return (await job.exited).code;
  }

  /** kill -9; it comes back by itself. */
  async kill(name: string): Promise<void> {
    await this.running.get(name)?.kill();
  }

  /** Ends a service in order; it stays away until `resume`. */
  async halt(name: string): Promise<void> {
    await this.running.get(name)?.stop();
  }

  async resume(name: string): Promise<void> {
    await this.running.get(name)?.restart();
  }

  url(name: string): string {
    return `http://127.0.0.1:${this.ports.get(name)}`;
  }

  async stop(): Promise<void> {
    await this.db?.close();
    for (const service of [...this.running.values()].reverse()) await service.stop();
    await this.platform?.stop();
    rmSync(this.logs, { recursive: true, force: true });
  }

  private launch(name: string, env: Record<string, string>) {
    return {
      name,
      entry: join(services, name, 'dist', 'main.js'),
      logFile: join(this.logs, `${name}.log`),
      env: {
        KAFKA_BROKERS: this.platform.kafkaBrokers.join(','),
        CLICKHOUSE_URL: this.platform.clickhouseUrl,
        LOG_LEVEL: 'warn',
        ...env,
      },
    };
  }
}

/** Asks until the answer is as wanted; its last answer when that takes too long, so that the expectation after it speaks. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  for (const startedAt = Date.now(); ;) {
    const answer = await ask();
    if (isWanted(answer) || Date.now() - startedAt > withinMs) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
