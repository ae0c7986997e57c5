import type { PastDelivery } from '@ringwatch/clickhouse';
import type { Waiting } from './waiting';

/** How a change can come to a receiver: by itself, with a later one, with other incidents. */
const TOLD = ['delivered', 'joined', 'grouped'];

/** Whether the receiver got to know of the change. */
export function isTold({ outcomes }: PastDelivery): boolean {
  return outcomes.some((outcome) => TOLD.includes(outcome));
}

/**
 * What waits about one incident, or one other subject, for one receiver, in order, and what became of what was before. Only one
 * message about it is on its way at a time.
 */
export class Queue {
  readonly waiting: Waiting[] = [];
  /** A message about it is on its way. */
  isInHand = false;
  /** So many are about to put something into it: what it remembers is still needed. */
  expecting = 0;
  /** Not before this moment (ms since 1970) it is tried again. */
  notBefore = 0;
  /** Attempts that failed since the last success. */
  failures = 0;
  /** The receiver was told of an earlier change. */
  isKnown = false;
  /** What the receiver calls its message about it. */
  earlier: string | undefined;
  private readonly settledSequences = new Set<number>();
  private readonly attempts = new Map<number, number>();

  constructor(readonly name: string) {}

  /** What the table knows of it. What happened since in this process is newer. */
  recall(past: readonly PastDelivery[]): void {
    this.isKnown ||= past.some(isTold);
    for (const { sequence, attempts, outcomes } of past) {
      if (outcomes.some((outcome) => outcome !== 'retry')) this.settledSequences.add(sequence);
      this.attempts.set(sequence, Math.max(attempts, this.attempts.get(sequence) ?? 0));
    }
    const [newest] = past
      .filter(({ messageId }) => messageId !== '')
      .sort((one, other) => other.messageAt - one.messageAt);
    this.earlier ??= newest?.messageId;
  }

  /** The receiver knows of it by the time that what is put behind all that waits goes out. */
  get willBeKnown(): boolean {
    return this.isKnown || this.waiting.some(({ content }) => content.kind === 'change');
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0 && !this.isInHand && this.expecting === 0;
  }

  /** Whether nothing more is to be done about a change: it was told, refused or given up before. */
  isSettled(sequence: number): boolean {
    return this.settledSequences.has(sequence);
  }

  noteSettled(sequence: number, wasTold: boolean): void {
    this.settledSequences.add(sequence);
    this.isKnown ||= wasTold;
  }

  /** Counts an attempt; its number from 1 on, over restarts too. */
  nextAttempt(sequence: number): number {
    const attempt = (this.attempts.get(sequence) ?? 0) + 1;
    this.attempts.set(sequence, attempt);
    return attempt;
  }
}
