import type { EachBatchPayload } from 'kafkajs';
import { AssignedPartition } from './assigned-partition';
import { BytesInWork } from './bytes-in-work';
import { toMessages } from './incoming-message';
import type { MessageBatch } from './partition-lane';
import { type Position, PositionCommits } from './position-commits';
import { within } from './within';

/** What the read-ahead asks of its server, and tells it. */
export interface ReadAheadEvents {
  /** Batches of a partition that may be in work at once, if not the usual number. */
  mostUnsettled?: number | undefined;
  /** Hands the batch to its handler. */
  handle: (batch: MessageBatch) => Promise<void>;
  /** Commits before the first batch of an assignment. */
  commit: (positions: Position[]) => Promise<void>;
  /** Whether positions mean nothing any more: nothing is committed then, the group is about to be joined anew. */
  isOutOfDate: () => Promise<boolean>;
  /** What a commit of this topic says besides the offset. */
  commitMetadata: (topic: string) => string | null;
  /** Reads on from this position. */
  seek: (position: Position) => void;
  /** Everything before this position is stored; told in order. */
  onSettled: (position: Position) => void;
  onRetry: (error: unknown, batch: { topic: string; partition: number; attempt: number; retryInMs: number }) => void;
  /** A batch starts at `next`, where `expected` came next. */
  onBatch: (batch: Position & { expected: number; high: number }) => void;
  /** Kafka refuses commits for good. */
  onRefused: (error: Error) => void;
}

/** Twice as often as kafkajs lets a heartbeat through, so that none is late by a whole interval. */
const HEARTBEAT_MS = 500;
/**
 * Beyond this many bytes in work nothing is fetched. With a fetch on its way, in two copies while it is put together, and
 * what waits for the garbage collection, a process that does nothing but read takes 260 MB with four partitions far behind,
 * and 410 to 520 MB with sixteen of plain and packed topics.
 */
const MAX_BYTES_IN_WORK = 48 * 1024 * 1024;
/**
 * How long the next fetch waits for a partition that has two batches in work, in milliseconds, before it goes on without
 * it. Going on costs a whole wait for new messages when the partition has room again; waiting delays the other partitions.
 * A large insert takes about as long as this.
 */
const HOLD_MS = 200;

/** Keeps up to two batches of each partition in work while the next ones are fetched, and commits them in order. */
export class ReadAhead {
  private readonly memory = new BytesInWork(MAX_BYTES_IN_WORK);
  private readonly commits: PositionCommits;
  private partitions = new Map<string, AssignedPartition>();
  /** What kafkajs gave with the last batch: its heartbeat and its commit are those of the assignment. */
  private payload: EachBatchPayload | undefined;
  private heartbeats: NodeJS.Timeout | undefined;
  private isOpen = false;
  private settling: Promise<void> | undefined;
  private endSettling = () => undefined as void;
  private readonly held = new Set<() => void>();

  constructor(private readonly events: ReadAheadEvents) {
    this.commits = new PositionCommits((positions) => this.commit(positions), events.onRefused);
  }

  /** Partitions were assigned: batches may come. */
  open(): void {
    this.isOpen = true;
  }

  /** kafkajs' `eachBatch`: begins the batch, and resolves when the next fetch may be sent. */
  async take(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, isStale } = payload;
    await this.settling;
    if (!this.isOpen) return;
    const partition = this.of(batch.topic, batch.partition);
    if (partition.isClosed || isStale() || !payload.isRunning()) return;
    this.payload = payload;
    this.heartbeats ??= setInterval(() => this.beat(), HEARTBEAT_MS);
    const first = Number(batch.firstOffset());
    const next = Number(batch.lastOffset()) + 1;
    resolveOffset(batch.lastOffset());
    const expected = partition.nextToRead ?? first;
    const { topic } = batch;
    this.events.onBatch({
      topic,
      partition: batch.partition,
      next: first,
      expected,
      high: Number(batch.highWatermark),
    });
    partition.take(payload, toMessages(batch.messages), { first, next });
    await this.holdBack(partition);
  }

  /** Nothing but marks of transactions was read, up to `next`; kafkajs reads on by itself. */
  passOver({ topic, partition, next }: Position): void {
    const assigned = this.of(topic, partition);
    if (this.isOpen && !assigned.isClosed) assigned.take(undefined, [], { first: assigned.nextToRead ?? next, next });
  }

  /** Commits what was not read here. */
  moveTo(position: Position): void {
    this.commits.add(position);
  }

  /** Resolves when all in work is done and committed, at the latest after `limitMs`. Meanwhile nothing new is begun. */
  async settle(limitMs: number): Promise<void> {
    this.release();
    const idle = Promise.all([...this.partitions.values()].map(({ lane }) => lane.idle()));
    const retired = new Promise<void>((done) => (this.endSettling = done));
    this.settling = within(limitMs, Promise.race([idle.then(() => this.commits.flushed()), retired]));
    await this.settling;
    this.settling = undefined;
  }

  /** The partitions are given back: nothing of what is still in work counts. */
  retire(): void {
    this.isOpen = false;
    this.endSettling();
    for (const partition of this.partitions.values()) partition.abandon();
    this.partitions = new Map();
    this.commits.forget();
    this.payload = undefined;
    clearInterval(this.heartbeats);
    this.heartbeats = undefined;
    this.release();
  }

  private of(topic: string, partition: number): AssignedPartition {
    const name = `${topic}/${partition}`;
    let assigned = this.partitions.get(name);
    if (!assigned) {
      assigned = new AssignedPartition(topic, partition, {
        mostUnsettled: this.events.mostUnsettled,
        handle: (batch, payload) => this.handle(batch, payload),
        onSettled: (position) => this.settled(position),
        onRetry: this.events.onRetry,
        seek: this.events.seek,
      });
      this.partitions.set(name, assigned);
    }
    return assigned;
  }

  private async handle(batch: MessageBatch, payload: EachBatchPayload): Promise<void> {
    const release = this.memory.hold(batch.messages);
    try {
      await this.events.handle({ ...batch, isCurrent: () => batch.isCurrent() && payload.isRunning() });
    } finally {
      release();
    }
  }

  private settled(position: Position): void {
    this.events.onSettled(position);
    this.commits.add(position);
  }

  private async commit(positions: Position[]): Promise<void> {
    if (await this.events.isOutOfDate()) return;
    if (!this.payload) return this.events.commit(positions);
    const topics = [...new Set(positions.map(({ topic }) => topic))].map((topic) => ({
      topic,
      partitions: positions
        .filter((position) => position.topic === topic)
        .map(({ partition, next }) => ({
          partition,
          offset: String(next),
          metadata: this.events.commitMetadata(topic),
        })),
    }));
    await this.payload.commitOffsetsIfNecessary({ topics });
  }

  /** The member stays in the group while handlers work. What a heartbeat has to say, kafkajs has to hear from its own. */
  private beat(): void {
    const isIdle = [...this.partitions.values()].every(({ lane }) => lane.isIdle);
    if (!isIdle) this.payload?.heartbeat().catch(() => this.release());
  }

  private async holdBack(partition: AssignedPartition): Promise<void> {
    const { lane } = partition;
    if (!lane.isFull && this.memory.hasRoom) return;
    let letGo = () => undefined as void;
    const released = new Promise<void>((done) => (letGo = done));
    this.held.add(letGo);
    if (lane.isFull) await within(HOLD_MS, Promise.race([lane.room(), released]));
    if (lane.isFull && !partition.isClosed) partition.pauseUntilRoom();
    await Promise.race([this.memory.room(), released]);
    this.held.delete(letGo);
  }

  /** Whoever holds back a fetch lets go: kafkajs has to see to the group. */
  private release(): void {
    for (const letGo of this.held) letGo();
  }
}
