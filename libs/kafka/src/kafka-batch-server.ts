import { CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';

/** One message as Kafka holds it: bytes, not yet looked at. */
export interface IncomingMessage {
  offset: bigint;
  /** The record's Kafka timestamp, milliseconds since 1970. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
}

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
  /** A handler failed; the same batch is tried again after `retryInMs`. */
  onRetry?: (error: unknown, batch: { topic: string; partition: number; attempt: number; retryInMs: number }) => void;
  /** The consumer stopped for good (kafkajs would stay silent): the process has to end. */
  onCrash: (error: Error) => void;
}

const SESSION_TIMEOUT_MS = 30_000;
const HEARTBEAT_MS = 3_000;
const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 5_000;

/**
 * Nest transport that hands whole batches to `@EventPattern(topic)` handlers. A handler that resolves commits the batch's
 * offsets; one that rejects gets the same batch again, with back-off, for as long as the partition is ours. Kafka is the
 * only buffer: no batch is fetched ahead of the one in work, per partition.
 */
export class KafkaBatchServer extends Server implements CustomTransportStrategy {
  private readonly consumer: Consumer;
  private closing = false;

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
    await this.consumer.disconnect();
  }

  on(): never {
    throw new Error('KafkaBatchServer has no events of its own: use its options onAssigned, onRetry, onCrash');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private async start(): Promise<void> {
    const { CRASH, GROUP_JOIN, REBALANCING } = this.consumer.events;
    this.consumer.on(CRASH, ({ payload }) => {
      if (!payload.restart && !this.closing) this.options.onCrash(payload.error);
    });
    this.consumer.on(GROUP_JOIN, ({ payload }) => this.options.onAssigned?.(payload.memberAssignment));
    this.consumer.on(REBALANCING, () => this.options.onRevoked?.());
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
    const isCurrent = () => payload.isRunning() && !payload.isStale();
    const messages = batch.messages.map(({ offset, timestamp, key, value }) => ({
      offset: BigInt(offset),
      timestamp: Number(timestamp),
      key,
      value,
    }));
    const beating = setInterval(() => void payload.heartbeat().catch(() => undefined), HEARTBEAT_MS);
    try {
      const done = await this.untilDone({ topic: batch.topic, partition: batch.partition, messages, isCurrent });
      if (!done) return;
      payload.resolveOffset(batch.lastOffset());
      const next = String(BigInt(batch.lastOffset()) + 1n);
      await payload.commitOffsetsIfNecessary({
        topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset: next }] }],
      });
    } finally {
      clearInterval(beating);
    }
  }

  /** True when the handler has done the batch and it is still ours. */
  private async untilDone(batch: MessageBatch): Promise<boolean> {
    for (let attempt = 1; batch.isCurrent(); attempt++) {
      try {
        await this.dispatch(batch);
        return batch.isCurrent();
      } catch (error) {
        const retryInMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (attempt - 1));
        this.options.onRetry?.(error, { topic: batch.topic, partition: batch.partition, attempt, retryInMs });
        await new Promise((resolve) => setTimeout(resolve, retryInMs));
      }
    }
    return false;
  }

  private async dispatch(batch: MessageBatch): Promise<void> {
    const handler = this.getHandlerByPattern(batch.topic);
    if (!handler) throw new Error(`no handler for topic ${batch.topic}`);
    const result: unknown = await handler(batch);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}
