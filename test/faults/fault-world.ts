import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { createTopics } from '@ringwatch/kafka';
import { freePort, type Platform, startPlatform } from '@ringwatch/platform';

/** How many copies of ingest may run at the same time. */
const SLOTS = 7;

/** A way into the broker for one copy of ingest: Kafka listens on `doorPort` and advertises `linkPort`, the proxy's. */
export interface Slot {
  doorPort: number;
  linkPort: number;
}

/** One Kafka and one ClickHouse for many rows, and what an administrator of them can do. */
export class FaultWorld {
  readonly logFolder = mkdtempSync(join(tmpdir(), 'ringwatch-faults-'));
  readonly root = rootFolder();
  readonly kafka: Kafka;
  readonly admin: Admin;
  private readonly free: Slot[];

  private constructor(
    readonly platform: Platform,
    slots: Slot[],
  ) {
    this.free = slots;
    const retry = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 60 };
    const { kafkaBrokers: brokers } = platform;
    this.kafka = new Kafka({
      brokers,
      clientId: 'harness',
      logLevel: logLevel.NOTHING,
      retry,
      connectionTimeout: 3_000,
    });
    this.admin = this.kafka.admin();
  }

  static async start(dataDir?: string): Promise<FaultWorld> {
    const slots: Slot[] = [];
    for (let at = 0; at < SLOTS; at++) slots.push({ doorPort: await freePort(), linkPort: await freePort() });
    const kafkaSideDoors = slots.map(({ doorPort, linkPort }) => ({ port: doorPort, advertisedPort: linkPort }));
    const world = new FaultWorld(await startPlatform({ dataDir, kafkaSideDoors }), slots);
    await world.admin.connect();
    return world;
  }

  async stop(): Promise<void> {
    await this.admin.disconnect();
    await this.platform.stop();
    rmSync(this.logFolder, { recursive: true, force: true });
  }

  get kafkaPort(): number {
    return Number(this.platform.kafkaBrokers[0]!.split(':')[1]);
  }

  get clickhousePort(): number {
    return Number(new URL(this.platform.clickhouseUrl).port);
  }

  lease(): Slot {
    const slot = this.free.pop();
    if (!slot) throw new Error(`more than ${SLOTS} copies of ingest at once`);
    return slot;
  }

  giveBack(slot: Slot): void {
    this.free.push(slot);
  }

  /** Asks ClickHouse itself, past all proxies. @throws Error with its answer when that is not 200 */
  async ask<Row>(database: string, query: string, timeoutMs = 30_000): Promise<Row[]> {
    const settings = { database, default_format: 'JSONEachRow', output_format_json_quote_64bit_integers: '1' };
    const answer = await fetch(`${this.platform.clickhouseUrl}/?${new URLSearchParams(settings)}`, {
      method: 'POST',
      body: query,
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text.slice(0, 500));
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row);
  }

  /** First and next offset of each partition. */
  async bounds(topic: string): Promise<Map<number, { low: number; high: number }>> {
    const offsets = await patiently(() => this.admin.fetchTopicOffsets(topic));
    return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]));
  }

  /** The committed offset of each partition that has one; kafkajs commits -2 for "from the beginning". */
  async committed(group: string, topic: string): Promise<Map<number, number>> {
    const [ofTopic] = await patiently(() => this.admin.fetchOffsets({ groupId: group, topics: [topic] }));
    const known = (ofTopic?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0);
    return new Map(known.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  /** Deletes every record of a topic; offsets go on. */
  async empty(topic: string): Promise<void> {
    const partitions = [...(await this.bounds(topic))].filter(([, { low, high }]) => low < high);
    if (partitions.length === 0) return;
    await this.admin.deleteTopicRecords({
      topic,
      partitions: partitions.map(([partition, { high }]) => ({ partition, offset: String(high) })),
    });
  }

  /** Deletes topics and makes them anew as the product makes them. */
  async recreate(topics: string[]): Promise<void> {
    await this.admin.deleteTopics({ topics });
    const areThere = async () => {
      const all = await this.admin.listTopics();
      return topics.map((topic) => all.includes(topic));
    };
    // The broker still shows them for a moment; whoever makes them only when they are missing would make nothing.
    for (let tries = 0; tries < 100 && (await areThere()).includes(true); tries++) await sleep(50);
    await createTopics(this.kafka);
    for (let tries = 0; tries < 100; tries++) {
      if (!(await areThere()).includes(false)) return;
      await sleep(50);
    }
    throw new Error(`${topics.join()} could not be made again`);
  }
}

/** A topic that was just made, and a broker that was just started, say no for a moment. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= 50) throw error;
      await sleep(200);
    }
  }
}

/** Sources lie in test/faults, wherever they run from. */
function rootFolder(): string {
  return dirname(dirname(__dirname));
}
