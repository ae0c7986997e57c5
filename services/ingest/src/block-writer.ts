import { InputBlocks, createBlock } from '@ringwatch/clickhouse';
import type { InputTopic } from '@ringwatch/inputs';

/** Rows of one insert: few enough to hold two blocks of it in memory, many enough that an insert's own cost does not show. */
const MOST_ROWS = 131_072;
const MOST_BYTES = 32 * 1024 * 1024;
/** How often a block's size is looked at while it grows. */
const ROWS_BETWEEN_LOOKS = 512;

/** A block that takes rows, and the promise that they are stored. */
interface OpenBlock<Topic extends InputTopic> {
  block: InputBlocks[Topic];
  stored: Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Collects the rows of one topic, from all its partitions, and stores them block by block: while one block is on its way
 * to ClickHouse the next one fills, and goes when the first is stored. So blocks are small and quick when little comes in, and
 * large and cheap when much does. An insert has a price of its own, so that they do not come faster than is of use.
 */
export class BlockWriter<Topic extends InputTopic> {
  private open: OpenBlock<Topic>;
  private spare: InputBlocks[Topic] | undefined;
  /** The block on its way. Never rejects. */
  private storing: Promise<void> | undefined;
  private isDue = false;
  private begunAt = -Infinity;

  /**
   * `store` makes the rows of a block durable and rejects when anything is in doubt. A block that is not full waits until
   * `everyMs` after the one before it was begun.
   */
  constructor(
    private readonly topic: Topic,
    private readonly store: (block: InputBlocks[Topic]) => Promise<void>,
    private readonly everyMs: number,
  ) {
    this.open = this.openBlock();
  }

  /**
   * Adds rows: `add` is called for each index from 0 to `count` - 1 with the block that takes its row. Resolves when every
   * block that may have got one is stored, rejects when one is not.
   */
  async write(count: number, add: (block: InputBlocks[Topic], index: number) => void): Promise<void> {
    const blocks = new Set<Promise<void>>();
    for (let index = 0; index < count; index++) {
      if (index % ROWS_BETWEEN_LOOKS === 0) {
        if (this.isFull()) await this.makeRoom();
        blocks.add(this.open.stored);
      }
      add(this.open.block, index);
    }
    if (count > 0) this.soon();
    await Promise.all(blocks);
  }

  private isFull(): boolean {
    const { block } = this.open;
    return block.rows + ROWS_BETWEEN_LOOKS > MOST_ROWS || block.size() > MOST_BYTES;
  }

  /** A full block waits for the one before it: the pressure goes back to Kafka. */
  private async makeRoom(): Promise<void> {
    while (this.isFull()) {
      if (this.storing) await this.storing;
      else this.storeOpen();
    }
  }

  /** Stores what is there once the other partitions of the same fetch have added theirs. */
  private soon(): void {
    if (this.isDue) return;
    this.isDue = true;
    if (!this.storing) this.storeInTime();
  }

  private storeInTime(): void {
    const leftMs = this.begunAt + this.everyMs - performance.now();
    if (leftMs > 0) setTimeout(() => this.storeDue(), leftMs);
    else setImmediate(() => this.storeDue());
  }

  private storeDue(): void {
    if (this.isDue && !this.storing) this.storeOpen();
  }

  private storeOpen(): void {
    const { block, resolve, reject } = this.open;
    this.isDue = false;
    this.begunAt = performance.now();
    this.open = this.openBlock();
    this.storing = this.store(block)
      .then(resolve, reject)
      .then(() => {
        block.clear();
        this.spare = block;
        this.storing = undefined;
        if (this.isDue) this.storeInTime();
      });
  }

  private openBlock(): OpenBlock<Topic> {
    const block = this.spare ?? createBlock(this.topic);
    this.spare = undefined;
    let [resolve, reject]: [() => void, (error: unknown) => void] = [() => undefined, () => undefined];
    const stored = new Promise<void>((...settle) => ([resolve, reject] = settle));
    stored.catch(() => undefined); // each writer that waits hears of it
    return { block, stored, resolve, reject };
  }
}
