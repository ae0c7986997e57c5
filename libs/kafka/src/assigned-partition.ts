import type { EachBatchPayload } from 'kafkajs';
import type { IncomingMessage } from './incoming-message';
import { type LaneEvents, type MessageBatch, PartitionLane } from './partition-lane';

/** What a partition needs of its server. */
export interface PartitionEvents {
  /** Batches that may be in work at once, if not the usual number. */
  mostUnsettled?: number | undefined;
  handle: (batch: MessageBatch, payload: EachBatchPayload) => Promise<void>;
  onSettled: (position: { topic: string; partition: number; next: number }) => void;
  onRetry: (error: unknown, batch: { topic: string; partition: number; attempt: number; retryInMs: number }) => void;
  /** Reads on from this offset. */
  seek: (position: { topic: string; partition: number; next: number }) => void;
}

const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 5_000;

/**
 * A partition from its assignment to the next rebalance: its lane, and whether it is read at the moment. It is paused while
 * its lane is full and while it rests after a failure. It is paused rather than waited for, because kafkajs fetches again
 * only when all batches of the last fetch are done: waiting would stop every other partition of that broker, and the
 * rebalances of the group with them.
 */
export class AssignedPartition {
  readonly lane: PartitionLane;
  private payload: EachBatchPayload | undefined;
  private resume: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isGone = false;
  private isResting = false;
  private attempts = 0;
  /** The first offset of the batch that failed last: attempts are counted until it is stored. */
  private failedAt = 0;
  private expected: number | undefined;

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly events: PartitionEvents,
  ) {
    const laneEvents: LaneEvents = {
      handle: (batch) => this.events.handle(batch, this.payload as EachBatchPayload),
      onSettled: (next) => {
        if (!this.isResting && next > this.failedAt) this.attempts = 0;
        this.events.onSettled({ topic, partition, next });
      },
      onFailed: (error) => this.rest(error),
    };
    this.lane = new PartitionLane(topic, partition, laneEvents, events.mostUnsettled);
  }

  /** Whether a batch that comes now has to be left alone: it will be read again. */
  get isClosed(): boolean {
    return this.isResting || this.isGone;
  }

  /** The offset that follows what was read last; nothing before the first batch. */
  get nextToRead(): number | undefined {
    return this.expected;
  }

  /** Begins a batch, or takes note of one that held no messages. */
  take(
    payload: EachBatchPayload | undefined,
    messages: readonly IncomingMessage[],
    range: { first: number; next: number },
  ): void {
    this.payload = payload ?? this.payload;
    this.expected = range.next;
    this.lane.take(messages, range);
  }

  /** No more is fetched of this partition until its lane has room. */
  pauseUntilRoom(): void {
    this.pause();
    void this.lane.room().then(() => this.resumeIfOpen());
  }

  /** A rebalance: nothing of what is in work counts any more. */
  abandon(): void {
    this.isGone = true;
    clearTimeout(this.timer);
    this.lane.abandon();
    this.resume?.();
    this.resume = undefined;
  }

  /**
   * Nothing of a failed batch counts as read. The partition is read again when it has rested and nothing of it is in work
   * any more, so that all before the offset it goes on from is stored: no rebalance can come between and skip something.
   */
  private rest(error: unknown): void {
    if (this.isClosed) return;
    const { topic, partition } = this;
    this.isResting = true;
    this.attempts++;
    const retryInMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (this.attempts - 1));
    this.pause();
    this.events.onRetry(error, { topic, partition, attempt: this.attempts, retryInMs });
    const rested = new Promise<void>((done) => (this.timer = setTimeout(done, retryInMs)));
    void rested.then(() => this.lane.idle()).then(() => this.readAgain());
  }

  private readAgain(): void {
    if (this.isGone) return;
    const next = this.lane.position as number;
    this.failedAt = next;
    this.expected = next;
    this.isResting = false;
    this.events.seek({ topic: this.topic, partition: this.partition, next });
    this.resumeIfOpen();
  }

  private pause(): void {
    this.resume ??= this.payload?.pause();
  }

  private resumeIfOpen(): void {
    if (this.isResting || this.isGone || this.lane.isFull) return;
    this.resume?.();
    this.resume = undefined;
  }
}
