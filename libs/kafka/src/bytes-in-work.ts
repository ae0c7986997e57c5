import type { IncomingMessage } from './incoming-message';

/**
 * Counts the memory that messages in work hold. A message holds all bytes it came with, and a response of Kafka brings
 * several partitions in one piece, so that pieces are counted, once each, and not messages.
 */
export class BytesInWork {
  private readonly holders = new Map<ArrayBufferLike, number>();
  private total = 0;
  private waiting: Array<() => void> = [];

  constructor(private readonly most: number) {}

  /** Counts these messages in until the returned function is called. */
  hold(messages: readonly IncomingMessage[]): () => void {
    const pieces = piecesOf(messages);
    for (const piece of pieces) {
      const holders = this.holders.get(piece) ?? 0;
      this.holders.set(piece, holders + 1);
      if (holders === 0) this.total += piece.byteLength;
    }
    return () => this.release(pieces);
  }

  get hasRoom(): boolean {
    return this.total < this.most;
  }

  /** Resolves once less than the limit is held. */
  async room(): Promise<void> {
    while (!this.hasRoom) await new Promise<void>((done) => this.waiting.push(done));
  }

  private release(pieces: ReadonlySet<ArrayBufferLike>): void {
    for (const piece of pieces) {
      const holders = (this.holders.get(piece) ?? 0) - 1;
      this.holders.set(piece, holders);
      if (holders > 0) continue;
      this.holders.delete(piece);
      this.total -= piece.byteLength;
    }
    const { waiting } = this;
    this.waiting = [];
    for (const done of waiting) done();
  }
}

function piecesOf(messages: readonly IncomingMessage[]): ReadonlySet<ArrayBufferLike> {
  const pieces = new Set<ArrayBufferLike>();
  let last: Buffer | undefined;
  for (const { bytes } of messages) {
    if (bytes !== last) pieces.add(bytes.buffer);
    last = bytes;
  }
  return pieces;
}
