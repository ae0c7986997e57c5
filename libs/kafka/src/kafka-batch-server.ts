import { CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Consumer, Kafka } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { commitMetadata, type Gap } from './gap';
import { GapWatch } from './gap-watch';
import { leanFetchProblem, runLeanly } from './lean-fetch';
import type { MessageBatch } from './partition-lane';
import type { Position } from './position-commits';
import { ReadAhead } from './read-ahead';
import { within } from './within';

/** Partitions this member reads, by topic. */
export type Assignment = Record<string, number[]>;

export interface KafkaBatchServerOptions {
  kafka: Kafka;
  groupId: string;
  /** How long a fetch may wait for more, in milliseconds: the price of larger batches in latency. */
  maxWaitMs?: number;
  /**
   * Batches of a partition that may be in work at once; 2 where nothing is said. More of them let handlers go on that wait for
   * something else than their own work, and what is in work is read again after a crash.
   */
  batchesInWork?: number;
  /** Told after each rebalance, before the first batch of the new assignment. */
  onAssigned?: (assignment: Assignment) => void;
  /**
   * Told when the partitions are given back for a rebalance, after what was in work was settled as far as possible. Nobody
   * else gets them before its promise resolves, if that takes seconds at most.
   */
  onRevoked?: () => void | Promise<void>;
  /**
   * Told how far a partition is stored, in order: the offset of the next message. Also where nothing but the marks of a
   * transaction was read, of which handlers hear nothing.
   */
  onRead?: (position: { topic: string; partition: number; next: bigint }) => void;
  /** A handler failed; the partition rests for `retryInMs` and is then read again from that batch on. */
  onRetry?: (error: unknown, batch: { topic: string; partition: number; attempt: number; retryInMs: number }) => void;
  /** Messages went away before they were read, or a topic begins anew. Told once; reading goes on with the oldest left. */
  onGap?: (gap: Gap) => void;
  /** Kafka is read as kafkajs does it, more slowly: why kafkajs is not as we know it. */
  onSlow?: (reason: string) => void;
  /** The consumer stopped for good (kafkajs would stay silent): the process has to end. */
  onCrash: (error: Error) => void;
}

/**
 * How long the partitions of a member that was killed stay without a reader. Heartbeats go on while handlers work, so a
 * slow handler does not lose its partitions; a handler's writes should still give up sooner than this.
 */
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 1_000;
/**
 * What a fetch may bring, in bytes of memory: of a partition some 9,500 messages of 430 bytes, of four together 38,000, and
 * with what waits meanwhile twice that for an insert. Twice as much was no faster, and took 130 MB more.
 */
const MAX_BYTES_PER_PARTITION = 4 * 1024 * 1024;
const MAX_BYTES = 16 * 1024 * 1024;
/** What is in work when partitions are given back may end within this time; the rest is read and stored once more. */
const SETTLE_MS = 3_000;
/** What was told of it may take so long to give the partitions up; by then the session is over. */
const HAND_OVER_MS = 9_000;

/**
 * Nest transport that hands whole batches to `@EventPattern(topic)` handlers and reads ahead: the next batch of a partition
 * is handed over while one is still being stored. Offsets are committed in order, each when its handler and all before it
 * have resolved. A handler that rejects gets the same messages again, with back-off, for as long as the partition is ours.
 */
export class KafkaBatchServer extends Server implements CustomTransportStrategy {
  private readonly consumer: Consumer;
  private readonly readAhead: ReadAhead;
  private readonly gaps: GapWatch | undefined;
  private gapCheck: Promise<void> | undefined;
  private leaving: Promise<void> | undefined;
  private handedOver: Promise<unknown> = Promise.resolve();
  private isAssigned = false;
  private closing = false;

  constructor(private readonly options: KafkaBatchServerOptions) {
    super();
    const { kafka, groupId, onGap } = options;
    this.gaps = onGap && new GapWatch(kafka, groupId, onGap);
    this.consumer = kafka.consumer({
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      metadataMaxAge: 15_000,
      maxBytes: MAX_BYTES,
      maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
      maxWaitTimeInMs: options.maxWaitMs ?? 100,
      allowAutoTopicCreation: false,
    });
    this.readAhead = new ReadAhead({
      mostUnsettled: options.batchesInWork,
      handle: (batch) => this.dispatch(batch),
      commit: (positions) =>
        this.consumer.commitOffsets(
          positions.map((each) => ({ ...toOffset(each), metadata: this.commitMetadata(each.topic) })),
        ),
      isOutOfDate: async () => (await this.gaps?.look()) ?? false,
      commitMetadata: (topic) => this.commitMetadata(topic),
      seek: (position) => this.consumer.seek(toOffset(position)),
      onSettled: (position) => this.settled(position),
      onRetry: (error, batch) => this.options.onRetry?.(error, batch),
      onBatch: (batch) => this.gaps?.compare(batch),
      onRefused: (error) => this.options.onCrash(error),
    });
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Lets what is in work come to its end, for a few seconds, and leaves the group. */
  async close(): Promise<void> {
    this.closing = true;
    await this.leave();
    await within(HAND_OVER_MS, this.handedOver);
    await this.consumer.disconnect();
    await this.gaps?.disconnect();
  }

  on(): never {
    throw new Error('KafkaBatchServer has no events of its own: use its options onAssigned, onRetry, onCrash');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private async start(): Promise<void> {
    const problem = leanFetchProblem();
    if (problem !== undefined) this.options.onSlow?.(problem);
    this.listenToConsumer();
    await this.gaps?.connect();
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.getHandlers().keys()], fromBeginning: true });
    await runLeanly(
      {
        maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
        maxBytes: MAX_BYTES,
        mustRejoin: () => this.gaps?.mustCheck ?? false,
        beforeJoin: async ({ memberId, cluster }) => {
          this.gaps?.askOf(cluster);
          if (memberId !== null) await this.leave();
          else this.revoke();
          await within(HAND_OVER_MS, this.handedOver);
        },
        afterJoin: async () => this.gapCheck,
      },
      () => this.run(),
    );
  }

  private run(): Promise<void> {
    return this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // A batch is begun, not waited for: no partition queues for a worker of kafkajs.
      partitionsConsumedConcurrently: 1_000,
      eachBatch: (payload) => this.readAhead.take(payload),
    });
  }

  private listenToConsumer(): void {
    const { CRASH, GROUP_JOIN, REBALANCING, END_BATCH_PROCESS } = this.consumer.events;
    this.consumer.on(CRASH, ({ payload }) => {
      this.revoke();
      if (!payload.restart && !this.closing) this.options.onCrash(payload.error);
    });
    this.consumer.on(REBALANCING, () => void this.leave());
    this.consumer.on(GROUP_JOIN, ({ payload }) => {
      this.revoke();
      if (this.closing) return;
      this.isAssigned = true;
      this.readAhead.open();
      this.options.onAssigned?.(payload.memberAssignment);
      this.gapCheck = this.gaps?.check(payload.memberAssignment, this.consumer, (position) =>
        // kafkajs commits only when it has begun to read.
        setImmediate(() => this.readAhead.moveTo(position)),
      );
    });
    this.consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) this.readAhead.passOver({ topic, partition, next: Number(lastOffset) + 1 });
    });
  }

  /** Before the partitions are given back, so that little is read and stored twice. Once, however often it is called. */
  private leave(): Promise<void> {
    const leaving = (this.leaving ??= this.readAhead.settle(SETTLE_MS).then(() => {
      if (leaving === this.leaving) this.revoke();
    }));
    return leaving;
  }

  private revoke(): void {
    this.leaving = undefined;
    this.readAhead.retire();
    if (!this.isAssigned) return;
    this.isAssigned = false;
    this.handedOver = Promise.resolve(this.options.onRevoked?.()).catch(() => undefined);
  }

  private settled(position: Position): void {
    this.gaps?.reach(position);
    this.options.onRead?.({ ...position, next: BigInt(position.next) });
  }

  private commitMetadata(topic: string): string | null {
    return commitMetadata(this.gaps?.topicIdOf(topic));
  }

  private async dispatch(batch: MessageBatch): Promise<void> {
    const handler = this.getHandlerByPattern(batch.topic);
    if (!handler) throw new Error(`no handler for topic ${batch.topic}`);
    const result: unknown = await handler(batch);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}

function toOffset({ topic, partition, next }: Position) {
  return { topic, partition, offset: String(next) };
}
