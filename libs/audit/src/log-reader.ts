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

/**
 * Reads pieces of topics from Kafka, in order within a partition, and hands them over one at a time; the next one is read
 * when `onChunk` has resolved, so that what is held is a fetch at most. Commits nothing. Marks of transactions and aborted
 * records are no records. @throws what `onChunk` throws, or when Kafka gives nothing more for two minutes
 */
export async function readLog(
  kafka: Kafka,
  ranges: readonly LogRange[],
  onChunk: (chunk: LogChunk, stayAlive: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const open = new Map(ranges.filter(({ from, until }) => from < until).map((range) => [nameOf(range), { ...range }]));
  if (open.size === 0) return;
  const groupId = `ringwatch-audit-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: SESSION_TIMEOUT_MS,
    rebalanceTimeout: SESSION_TIMEOUT_MS,
    maxBytesPerPartition: 512 * 1024,
    maxBytes: 4 * 1024 * 1024,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  });
  let settle: { resolve: () => void; reject: (error: unknown) => void };
  const done = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
  done.catch(() => undefined);
  let movedAt = Date.now();
  const moveTo = (range: LogRange, next: number) => {
    movedAt = Date.now();
    range.from = Math.max(range.from, next);
    if (range.from >= range.until) open.delete(nameOf(range));
    if (open.size === 0) settle.resolve();
  };
  const seekAll = () => {
    for (const { topic, partition, from } of open.values()) consumer.seek({ topic, partition, offset: String(from) });
  };
  consumer.on(consumer.events.GROUP_JOIN, seekAll);
  consumer.on(consumer.events.CRASH, ({ payload }) => payload.restart || settle.reject(payload.error));
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
    const range = open.get(nameOf({ topic, partition }));
    if (range && batchSize === 0) moveTo(range, Number(lastOffset) + 1);
  });
  const stalled = setInterval(() => {
    if (Date.now() - movedAt > STALLED_AFTER_MS)
      settle.reject(new Error(`Kafka gave nothing more of ${[...open.keys()].join(', ')}`));
  }, 5_000);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...new Set(ranges.map(({ topic }) => topic))], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: async ({ batch, heartbeat, resolveOffset }) => {
        const { topic, partition } = batch;
        const range = open.get(nameOf(batch));
        if (!range) return consumer.pause([{ topic, partitions: [partition] }]);
        const stayAlive = () => ((movedAt = Date.now()), heartbeat().catch(() => undefined));
        try {
          const messages = batch.messages.map(toLogMessage).filter(({ offset }) => offset >= range.from);
          for (const chunk of toChunks(range, messages, Number(batch.lastOffset()) + 1)) {
            await onChunk(chunk, stayAlive);
            moveTo(range, chunk.until);
            await stayAlive();
          }
          resolveOffset(batch.lastOffset());
        } catch (error) {
          settle.reject(error);
          consumer.pause([{ topic, partitions: [partition] }]);
        }
      },
    });
    await done;
  } finally {
    clearInterval(stalled);
    await consumer.disconnect();
  }
}

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
