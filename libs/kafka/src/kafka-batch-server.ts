import { CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { type IncomingMessage, incomingMessage } from './incoming-message';

/** What a handler gets: messages of one partition in order. Its promise decides the commit. */
export interface MessageBatch {
  topic: string;
  partition: number;
  messages: IncomingMessage[];
  /** False once the partition was taken away: what is written then is repeated by another member. */
  isCurrent(): boolean;
}

/** Partitions this member reads, by topic. */
export type Assignment = Record<string, number[]>;

export interface KafkaBatchServerOptions {
  kafka: Kafka;
  groupId: string;
  /** How long a fetch may wait for more, in milliseconds: the price of larger batches in latency. */
  maxWaitMs?: number;
  /** Told after each rebalance, before the first batch of the new assignment. */
  onAssigned?: (assignment: Assignment) => void;
  /** Told when a rebalance starts: from here on the partitions may be another member's. */
  onRevoked?: () => void;
  /**
   * Told how far a partition is done: the offset that is read next. Also where nothing but the marks of a transaction was
   * read, of which handlers hear nothing.
   */
  onRead?: (position: { topic: string; partition: number; next: bigint }) => void;
  /** A handler failed; the partition rests for `retryInMs` and is then read again from the same offset. */
  onRetry?: (error: unknown, batch: { topic: string; partition: number; attempt: number; retryInMs: number }) => void;
  /** The consumer stopped for good (kafkajs would stay silent): the process has to end. */
  onCrash: (error: Error) => void;
}

/**
 * How long the partitions of a member that was killed stay without a reader. Heartbeats go on while a handler works, so a
 * slow handler does not lose its partitions; a handler's writes should still give up sooner than this.
 */
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 1_000;
const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 5_000;

/**
 * Nest transport that hands whole batches to `@EventPattern(topic)` handlers. A handler that resolves commits the batch's
 * offsets; one that rejects gets the same messages again, with back-off, for as long as the partition is ours. Kafka is the
 * only buffer: no batch is fetched ahead of the one in work, per partition.
 *
 * A partition that failed is paused, not waited for: kafkajs fetches again only when all batches of the last fetch are
 * done, so that waiting would stop every other partition of that broker, and the rebalances of the group with them.
 */
export class KafkaBatchServer extends Server implements CustomTransportStrategy {
  private readonly consumer: Consumer;
  private closing = false;
  /** Counts the assignments: a batch of an earlier one is not ours any more, whatever kafkajs says of it. */
  private generation = 0;
  private readonly attempts = new Map<string, number>();
  private readonly resting = new Set<NodeJS.Timeout>();

  constructor(private readonly options: KafkaBatchServerOptions) {
    super();
    this.consumer = options.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      metadataMaxAge: 15_000,
      maxBytes: 8 * 1024 * 1024,
      maxBytesPerPartition: 1024 * 1024,
      maxWaitTimeInMs: options.maxWaitMs ?? 100,
      allowAutoTopicCreation: false,
    });
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    this.closing = true;
    for (const timer of this.resting) clearTimeout(timer);
    await this.consumer.disconnect();
  }

  on(): never {
    throw new Error('KafkaBatchServer has no events of its own: use its options onAssigned, onRetry, onCrash');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private async start(): Promise<void> {
    const { CRASH, GROUP_JOIN, REBALANCING, END_BATCH_PROCESS } = this.consumer.events;
    this.consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart && !this.closing) this.options.onCrash(payload.error);
    });
    this.consumer.on(GROUP_JOIN, ({ payload }) => {
      this.generation++;
      this.options.onAssigned?.(payload.memberAssignment);
    });
    this.consumer.on(REBALANCING, () => {
      this.generation++;
      this.options.onRevoked?.();
    });
    this.consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) this.options.onRead?.({ topic, partition, next: BigInt(lastOffset) + 1n });
    });
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.getHandlers().keys()], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 4,
      eachBatch: (payload) => this.handle(payload),
    });
  }

  private async handle(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic, partition } = batch;
    const generation = this.generation;
    const isCurrent = () => payload.isRunning() && !payload.isStale() && generation === this.generation;
    const beating = setInterval(() => void payload.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      await this.dispatch({ topic, partition, messages: batch.messages.map(toIncoming), isCurrent });
    } catch (error) {
      if (isCurrent()) this.rest(payload, error);
      return;
    } finally {
      clearInterval(beating);
    }
    this.attempts.delete(`${topic}/${partition}`);
    if (!isCurrent()) return;
    const next = BigInt(batch.lastOffset()) + 1n;
    this.options.onRead?.({ topic, partition, next });
    payload.resolveOffset(String(next - 1n));
    const offsets = { topics: [{ topic, partitions: [{ partition, offset: String(next) }] }] };
    await payload.commitOffsetsIfNecessary(offsets);
  }

  /** Nothing of the batch counts as read, so the next fetch after the rest starts at its first message again. */
  private rest({ batch: { topic, partition }, pause }: EachBatchPayload, error: unknown): void {
    const name = `${topic}/${partition}`;
    const attempt = (this.attempts.get(name) ?? 0) + 1;
    this.attempts.set(name, attempt);
    const retryInMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (attempt - 1));
    this.options.onRetry?.(error, { topic, partition, attempt, retryInMs });
    const resume = pause();
    const timer = setTimeout(() => {
      this.resting.delete(timer);
      resume();
    }, retryInMs);
    this.resting.add(timer);
  }

  private async dispatch(batch: MessageBatch): Promise<void> {
    const handler = this.getHandlerByPattern(batch.topic);
    if (!handler) throw new Error(`no handler for topic ${batch.topic}`);
    const result: unknown = await handler(batch);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}

function toIncoming({ offset, timestamp, key, value }: KafkaMessage): IncomingMessage {
  return incomingMessage({ offset: Number(offset), timestamp: Number(timestamp), key, value });
}
