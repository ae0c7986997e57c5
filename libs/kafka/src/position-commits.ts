/** Everything before `next` of this partition is stored. */
export interface Position {
  topic: string;
  partition: number;
  next: number;
}

const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 2_000;

/**
 * Commits positions with one request in flight: what is settled meanwhile goes out together in the next one, of each
 * partition only the newest. A commit that fails is repeated until it is out of date.
 */
export class PositionCommits {
  private waiting = new Map<string, Position>();
  private sending: Promise<void> | undefined;
  private generation = 0;

  /**
   * @param send commits these positions
   * @param onRefused told when the broker will never take them; nothing is committed any more then
   */
  constructor(
    private readonly send: (positions: Position[]) => Promise<void>,
    private readonly onRefused: (error: Error) => void,
  ) {}

  add(position: Position): void {
    this.waiting.set(`${position.topic}/${position.partition}`, position);
    this.sending ??= this.sendAll();
  }

  /** Resolves once all that was added is committed or forgotten. */
  async flushed(): Promise<void> {
    while (this.sending) await this.sending;
  }

  /** The partitions may be another member's: what is not committed yet is not ours to commit. */
  forget(): void {
    this.generation++;
    this.waiting = new Map();
  }

  private async sendAll(): Promise<void> {
    // What is settled in the same turn goes out at once.
    await Promise.resolve();
    let attempt = 0;
    while (this.waiting.size > 0) {
      attempt = (await this.sendWaiting()) ? 0 : attempt + 1;
      if (attempt > 0) await waitMs(Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (attempt - 1)));
    }
    this.sending = undefined;
  }

  /** False when it has to be tried again. */
  private async sendWaiting(): Promise<boolean> {
    const { generation, waiting: positions } = this;
    this.waiting = new Map();
    try {
      await this.send([...positions.values()]);
    } catch (error) {
      if (generation !== this.generation) return true;
      this.waiting = new Map([...positions, ...this.waiting]);
      if (!isFinal(error)) return false;
      this.forget();
      this.onRefused(error as Error);
    }
    return true;
  }
}

function waitMs(duration: number): Promise<void> {
  return new Promise((done) => setTimeout(done, duration));
}

/** What ends by itself: the group is joined anew, which forgets what is waiting. */
const MEMBERSHIP = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'NOT_COORDINATOR_FOR_GROUP'];

function isFinal(error: unknown): boolean {
  const { type, retriable } = error as { type?: string; retriable?: boolean };
  return retriable === false && !MEMBERSHIP.includes(type ?? '');
}
