import type { DeadLetter } from '@ringwatch/clickhouse';

/** Letters that go together, and the promise that they are kept. */
interface Post {
  letters: DeadLetter[];
  kept: Promise<void>;
}

/**
 * Keeps the dead letters of all topics and partitions, one post at a time: what comes while a post is on its way goes with the
 * next one. Each batch holds a few bad messages at most, and a post of its own for each took more than storing their rows.
 */
export class LetterWriter {
  /** The post on its way. Never rejects. */
  private underWay: Promise<void> = Promise.resolve();
  private next: Post | undefined;

  /** `keep` makes letters durable and rejects when anything is in doubt. */
  constructor(private readonly keep: (letters: readonly DeadLetter[]) => Promise<void>) {}

  /** Resolves when the letters are kept; rejects when one that went with them may not be. */
  write(letters: readonly DeadLetter[]): Promise<void> {
    const post = (this.next ??= this.open());
    for (const letter of letters) post.letters.push(letter);
    return post.kept;
  }

  private open(): Post {
    const letters: DeadLetter[] = [];
    const kept = this.underWay.then(() => {
      this.next = undefined;
      return this.keep(letters);
    });
    this.underWay = kept.catch(() => undefined);
    return { letters, kept };
  }
}
