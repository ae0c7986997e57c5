/** Offsets in one piece of the bitmap: 256 bytes. */
const PIECE = 2_048;

/** A set of offsets of many partitions, a bit each where they lie close together: letters by the million in megabytes. */
export class OffsetSet {
  private readonly pieces = new Map<string, Uint8Array>();

  add(topic: string, partition: number, offset: number): void {
    const name = this.pieceOf(topic, partition, offset);
    const piece = this.pieces.get(name) ?? new Uint8Array(PIECE / 8);
    this.pieces.set(name, piece);
    const bit = offset % PIECE;
    piece[bit >> 3] = (piece[bit >> 3] as number) | (1 << (bit & 7));
  }

  has(topic: string, partition: number, offset: number): boolean {
    const piece = this.pieces.get(this.pieceOf(topic, partition, offset));
    const bit = offset % PIECE;
    return piece !== undefined && ((piece[bit >> 3] as number) & (1 << (bit & 7))) !== 0;
  }

  private pieceOf(topic: string, partition: number, offset: number): string {
    return `${topic}/${partition}/${Math.floor(offset / PIECE)}`;
  }
}
