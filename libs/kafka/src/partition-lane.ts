import type { IncomingMessage } from './incoming-message';

/** What a handler gets: messages of one partition in order. Its promise decides the commit. */
export interface MessageBatch {
  topic: string;
  partition: number;
  messages: readonly IncomingMessage[];
  /**
   * False once the partition was taken away, or an earlier batch of it has failed: what is written then is repeated, by
   * another member or by us.
   */
  isCurrent(): boolean;
}

/** What a lane tells, and what it asks for. */
export interface LaneEvents {
  /** Hands the batch to its handler. */
  handle: (batch: MessageBatch) => Promise<void>;
  /** Everything before `next` is stored. Told in order. */
  onSettled: (next: number) => void;
  /** A batch failed; none of its messages counts as read, nor of what came after it. */
  onFailed: (error: unknown) => void;
}

/** What was read of the partition in one go. */
interface Entry {
  next: number;
  isDone: boolean;
  isCurrent: boolean;
}

/**
 * Batches of a partition that may be in work at once where nothing else is asked for: one is being stored while the next
 * one is read and judged. A third one would make nothing faster, take memory, and be read once more after a crash.
 */
const MOST_UNSETTLED = 2;

/**
 * One partition while it is ours: keeps its batches in order, whatever the order in which their handlers end, and forgets
 * a failed one with all that came after it.
 */
export class PartitionLane {
  private entries: Entry[] = [];
  private working = 0;
  private waiting: Array<() => void> = [];
  /** The offset that is read next once everything in work has failed or is settled; nothing before the first batch. */
  position: number | undefined;

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly events: LaneEvents,
    private readonly mostUnsettled = MOST_UNSETTLED,
  ) {}

  /** Whether no other batch may be begun for now. Handlers of forgotten batches count: they are still at it. */
  get isFull(): boolean {
    return Math.max(this.working, this.entries.length) >= this.mostUnsettled;
  }

  get isIdle(): boolean {
    return this.working === 0 && this.entries.length === 0;
  }

  /** Begins a batch: the messages from the offset `first` up to `next`. Handlers are called in this order, at once. */
  take(messages: readonly IncomingMessage[], { first, next }: { first: number; next: number }): void {
    const { topic, partition } = this;
    this.position ??= first;
    const entry: Entry = { next, isDone: messages.length === 0, isCurrent: true };
    this.entries.push(entry);
    if (entry.isDone) return this.settle();
    this.working++;
    const ended = this.events.handle({ topic, partition, messages, isCurrent: () => entry.isCurrent });
    void ended
      .then(
        () => this.end(entry),
        (error) => this.fail(entry, error),
      )
      .finally(() => {
        this.working--;
        this.wake();
      });
  }

  /** The partition is not ours any more: nothing of what is in work counts. */
  abandon(): void {
    for (const entry of this.entries) entry.isCurrent = false;
    this.entries = [];
    this.wake();
  }

  /** Resolves once another batch may be begun. */
  async room(): Promise<void> {
    while (this.isFull) await this.change();
  }

  /** Resolves once nothing is in work any more. */
  async idle(): Promise<void> {
    while (!this.isIdle) await this.change();
  }

  private end(entry: Entry): void {
    entry.isDone = true;
    this.settle();
  }

  private settle(): void {
    let next: number | undefined;
    while (this.entries[0]?.isDone) next = this.entries.shift()?.next;
    if (next === undefined) return;
    this.position = next;
    this.events.onSettled(next);
  }

  private fail(entry: Entry, error: unknown): void {
    if (!entry.isCurrent) return;
    const at = this.entries.indexOf(entry);
    for (const forgotten of this.entries.splice(at)) forgotten.isCurrent = false;
    this.events.onFailed(error);
  }

  private change(): Promise<void> {
    return new Promise((done) => this.waiting.push(done));
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const done of waiting) done();
  }
}
