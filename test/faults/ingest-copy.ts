import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type Service, startService } from '@ringwatch/platform';
import { ClickHouseGate } from './clickhouse-gate';
import { KafkaGate } from './kafka-gate';
import { Link } from './link';
import type { Moment, PointName, Watcher } from './points';
import type { FaultWorld, Slot } from './fault-world';

const SERVICE = join('services', 'ingest', 'dist', 'main.js');

export interface CopyOptions {
  world: FaultWorld;
  slot: Slot;
  database: string;
  group: string;
  /** Sees every moment before it passes, kills included. */
  onMoment: Watcher;
}

/** One real ingest process, which reaches Kafka and ClickHouse through proxies of its own only. */
export class IngestCopy {
  /** What its log said, all lives together. */
  readonly said: Array<{ level: string; msg: string; [field: string]: unknown }> = [];
  readonly kafka: KafkaGate;
  readonly clickhouse: ClickHouseGate;
  /** In front of the ClickHouse gate; the Kafka gate has its own link. */
  readonly clickhouseLink: Link;
  private readonly ports = { clickhouse: 0, clickhouseGate: 0, http: 0 };
  private service: Service | undefined;
  private armed: { at: PointName; passes: number; act: Watcher } | undefined;

  constructor(private readonly options: CopyOptions) {
    const { world, slot } = options;
    const watcher: Watcher = (moment) => this.see(moment);
    this.kafka = new KafkaGate(slot.doorPort, watcher);
    this.clickhouse = new ClickHouseGate(world.clickhousePort, watcher);
    this.clickhouseLink = new Link(() => this.ports.clickhouseGate);
  }

  get slot(): Slot {
    return this.options.slot;
  }

  /** Opens its proxies; the process is started by `start`. */
  async open(): Promise<this> {
    await this.kafka.link.listen(this.options.slot.linkPort);
    this.ports.clickhouseGate = await this.clickhouse.listen();
    this.ports.clickhouse = await this.clickhouseLink.listen();
    return this;
  }

  async close(): Promise<void> {
    this.armed = undefined;
    this.resume();
    await this.service?.stop();
    await Promise.all([this.clickhouseLink.close(), this.kafka.link.close(), this.clickhouse.close()]);
  }

  get pid(): number | undefined {
    return this.service?.pid;
  }

  /** Starts the process and does not wait until it is ready. */
  async start(): Promise<void> {
    const { world, slot, database, group } = this.options;
    this.ports.http = await freePort();
    this.service = await startService({
      name: 'ingest',
      entry: join(world.root, SERVICE),
      logFile: join(world.logFolder, `${group}-${slot.linkPort}.log`),
      onLine: (line) => line.startsWith('{') && this.said.push(JSON.parse(line)),
      env: {
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: String(this.ports.http),
        KAFKA_BROKERS: `127.0.0.1:${slot.linkPort}`,
        CLICKHOUSE_URL: `http://127.0.0.1:${this.ports.clickhouse}`,
        CLICKHOUSE_DATABASE: database,
        INGEST_GROUP_ID: group,
      },
    });
  }

  /** SIGTERM, and waits. */
  async stop(): Promise<void> {
    await this.service?.stop();
  }

  /** kill -9, waits for the end, and tells the broker so that nobody waits for the session's end. */
  async kill(): Promise<void> {
    this.killNow();
    await this.buried();
  }

  /** After a kill at a point: waits for its end, and tells the broker. */
  async buried(): Promise<void> {
    await this.service?.exited;
    await this.kafka.leaveForTheDead(this.options.world.kafkaPort);
  }

  /** SIGSTOP: it stands still and does not know. */
  pause(): void {
    if (this.pid) process.kill(this.pid, 'SIGSTOP');
  }

  resume(): void {
    if (this.pid) process.kill(this.pid, 'SIGCONT');
  }

  /** kill -9 when a batch is at the point for the nth time. Resolves when that has happened; never when it does not. */
  killAt(at: PointName, nth = 1): Promise<Moment> {
    return this.at(at, nth, async () => {
      this.killNow();
      return 'drop';
    });
  }

  /** Does something when a batch is at the point for the nth time; the batch waits there meanwhile. Resolves at its start. */
  at(at: PointName, nth: number, act: (moment: Moment) => Promise<'pass' | 'drop'>): Promise<Moment> {
    return new Promise((hit) => {
      this.armed = {
        at,
        passes: nth - 1,
        act: (moment) => {
          hit(moment);
          return act(moment);
        },
      };
    });
  }

  disarm(): void {
    this.armed = undefined;
  }

  /** What /readyz says; no answer in time counts as "not ready", as it does for whoever asks in earnest. */
  async readiness(withinMs = 2_000): Promise<{ ready: boolean; body: string }> {
    try {
      const address = `http://127.0.0.1:${this.ports.http}/readyz`;
      const answer = await fetch(address, { signal: AbortSignal.timeout(withinMs), headers: { connection: 'close' } });
      return { ready: answer.status === 200, body: await answer.text() };
    } catch (error) {
      return { ready: false, body: `no answer: ${(error as Error).message}` };
    }
  }

  async untilReady(withinMs = 120_000): Promise<void> {
    for (const end = Date.now() + withinMs; !(await this.readiness()).ready; await sleep(100))
      if (Date.now() > end)
        throw new Error(`ingest is not ready after ${withinMs} ms: ${(await this.readiness()).body}`);
  }

  private killNow(): void {
    if (this.pid) process.kill(this.pid, 'SIGKILL');
  }

  private async see(moment: Moment): Promise<'pass' | 'drop'> {
    const { armed } = this;
    if (armed?.at === moment.point && --armed.passes < 0) {
      this.armed = undefined;
      if ((await armed.act(moment)) === 'drop') return 'drop';
    }
    return this.options.onMoment(moment);
  }
}
