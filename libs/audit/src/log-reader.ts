import { randomUUID } from 'node:crypto';
import type { connectKafka } from '@ringwatch/kafka';

export type Kafka = ReturnType<typeof connectKafka>;

/** Offsets of one partition, `from` inclusive, `until` exclusive. */
export interface LogRange {
  topic: string;
  partition: number;
  from: number;
  until: number;
}

/** A record as it stands in the log; `timestamp` in milliseconds since 1970 UTC. */
export interface LogMessage {
  offset: number;
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** A piece of the log: every record of `from` (inclusive) to `until` (exclusive). Other offsets there are none. */
export interface LogChunk extends LogRange {
  messages: LogMessage[];
}

/** Records in one chunk, at most. */
const CHUNK = 2_000;
const STALLED_AFTER_MS = 120_000;
const SESSION_TIMEOUT_MS = 120_000;

/** What is done with a chunk; `stayAlive` tells Kafka that long work goes on. */
export type OnChunk = (chunk: LogChunk, stayAlive: () => Promise<void>) => Promise<void>;

/**
 * Reads pieces of topics from Kafka, in order within a partition, and hands them over one at a time; the next one is read
 * when `onChunk` has resolved, so that what is held is a fetch at most. Commits nothing. Marks of transactions and aborted
 * records are no records. @throws what `onChunk` throws, or when Kafka gives nothing more for two minutes
 */
export async function readLog(kafka: Kafka, ranges: readonly LogRange[], onChunk: OnChunk): Promise<void> {
  const wanted = ranges.filter(({ from, until }) => from < until);
  if (wanted.length > 0) await new LogReading(kafka, wanted, onChunk).run();
}

class LogReading {
  private readonly open: Map<string, LogRange>;
  private readonly consumer: ReturnType<Kafka['consumer']>;
  private readonly done: Promise<void>;
  private resolve!: () => void;
  private reject!: (error: unknown) => void;
  private movedAt = Date.now();

  constructor(
    kafka: Kafka,
    ranges: readonly LogRange[],
    private readonly onChunk: OnChunk,
  ) {
    this.open = new Map(ranges.map((range) => [nameOf(range), { ...range }]));
    this.done = new Promise((resolve, reject) => ((this.resolve = resolve), (this.reject = reject)));
    this.done.catch(() => undefined); // it is awaited later than it may reject
    this.consumer = kafka.consumer({
      groupId: `ringwatch-audit-${randomUUID()}`,
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: SESSION_TIMEOUT_MS,
      maxBytesPerPartition: 512 * 1024,
      maxBytes: 4 * 1024 * 1024,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
    });
  }

  async run(): Promise<void> {
    this.listen();
    const topics = [...new Set([...this.open.values()].map(({ topic }) => topic))];
    const stalled = setInterval(() => this.requireMovement(), 5_000);
    try {
      await this.consumer.connect();
      await this.consumer.subscribe({ topics, fromBeginning: true });
      await this.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 1,
        eachBatch: (payload) => this.take(payload),
      });
      await this.done;
    } finally {
      clearInterval(stalled);
      await this.consumer.disconnect();
    }
  }

  private listen(): void {
    const { GROUP_JOIN, CRASH, END_BATCH_PROCESS } = this.consumer.events;
    this.consumer.on(GROUP_JOIN, () => {
      for (const { topic, partition, from } of this.open.values())
        this.consumer.seek({ topic, partition, offset: String(from) });
    });
    this.consumer.on(CRASH, ({ payload }) => payload.restart || this.reject(payload.error));
    // Where there is nothing but the marks of transactions, no batch is handed over.
    this.consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      const range = this.open.get(nameOf({ topic, partition }));
      if (range && batchSize === 0) this.moveTo(range, Number(lastOffset) + 1);
    });
  }

  private async take({ batch, heartbeat, resolveOffset }: EachBatch): Promise<void> {
    const { topic, partition } = batch;
    const range = this.open.get(nameOf(batch));
    if (!range) return this.consumer.pause([{ topic, partitions: [partition] }]);
    const stayAlive = () => ((this.movedAt = Date.now()), heartbeat().catch(() => undefined));
    try {
      const messages = batch.messages.map(toLogMessage).filter(({ offset }) => offset >= range.from);
      for (const chunk of toChunks(range, messages, Number(batch.lastOffset()) + 1)) {
        await this.onChunk(chunk, stayAlive);
        this.moveTo(range, chunk.until);
        await stayAlive();
      }
      resolveOffset(batch.lastOffset());
    } catch (error) {
      this.reject(error);
      this.consumer.pause([{ topic, partitions: [partition] }]);
    }
  }

  private moveTo(range: LogRange, next: number): void {
    this.movedAt = Date.now();
    range.from = Math.max(range.from, next);
    if (range.from >= range.until) this.open.delete(nameOf(range));
    if (this.open.size === 0) this.resolve();
  }

  private requireMovement(): void {
    if (Date.now() - this.movedAt > STALLED_AFTER_MS)
      this.reject(new Error(`Kafka gave nothing more of ${[...this.open.keys()].join(', ')}`));
  }
}

type EachBatch = Parameters<
  NonNullable<NonNullable<Parameters<ReturnType<Kafka['consumer']>['run']>[0]>['eachBatch']>
>[0];

/** Cuts what was fetched into chunks that join each other; what lies beyond the range is left out. */
function toChunks(range: LogRange, messages: readonly LogMessage[], fetchedUntil: number): LogChunk[] {
  const wanted = messages.filter(({ offset }) => offset < range.until);
  const end = Math.min(range.until, fetchedUntil);
  const chunks: LogChunk[] = [];
  let from = range.from;
  for (let at = 0; at < wanted.length || (at === 0 && from < end); at += CHUNK) {
    const part = wanted.slice(at, at + CHUNK);
    const until = at + CHUNK < wanted.length ? (part.at(-1) as LogMessage).offset + 1 : end;
    chunks.push({ ...range, from, until, messages: part });
    from = until;
  }
  return chunks;
}

const nameOf = ({ topic, partition }: { topic: string; partition: number }) => `${topic}/${partition}`;

function toLogMessage(message: {
  offset: string;
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Record<string, unknown>;
}): LogMessage {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
  return {
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: Object.fromEntries(headers),
  };
}
