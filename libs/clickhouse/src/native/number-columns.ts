import { Column, bytesOf, grown } from './column';

const FIRST_ROWS = 8_192;
const TWO_32 = 0x1_0000_0000;

/** 64-bit numbers as two halves: `UInt64`, or `DateTime64(3, 'UTC')` where they are milliseconds since 1970. */
export class Wide64Column implements Column {
  private halves = new Uint32Array(2 * FIRST_ROWS);
  private rows = 0;

  constructor(readonly type: string) {}

  /** A whole number between -2^53 and 2^53. */
  push(value: number): void {
    this.pushHalves(Math.floor(value / TWO_32) >>> 0, value >>> 0);
  }

  pushHalves(high: number, low: number): void {
    const at = 2 * this.rows++;
    if (at + 2 > this.halves.length) this.halves = grown(this.halves, at + 2);
    this.halves[at] = low;
    this.halves[at + 1] = high;
  }

  pushBigint(value: bigint): void {
    this.pushHalves(Number(value >> 32n), Number(value & 0xffff_ffffn));
  }

  drop(rows = 1): void {
    this.rows -= rows;
  }

  clear(): void {
    this.rows = 0;
  }

  size(): number {
    return 8 * this.rows;
  }

  prefix(): Uint8Array[] {
    return [];
  }

  values(): Uint8Array[] {
    return [bytesOf(this.halves, 2 * this.rows)];
  }
}

/** `UInt32`. */
export class Uint32Column implements Column {
  readonly type = 'UInt32';
  private numbers = new Uint32Array(FIRST_ROWS);
  private rows = 0;

  push(value: number): void {
    if (this.rows === this.numbers.length) this.numbers = grown(this.numbers, this.rows + 1);
    this.numbers[this.rows++] = value;
  }

  drop(): void {
    this.rows--;
  }

  clear(): void {
    this.rows = 0;
  }

  size(): number {
    return 4 * this.rows;
  }

  prefix(): Uint8Array[] {
    return [];
  }

  values(): Uint8Array[] {
    return [bytesOf(this.numbers, this.rows)];
  }
}

/** A column whose rows may be missing: `Nullable(…)`. A missing row has a value too, which nobody reads. */
export class NullableColumn<Inner extends Column> implements Column {
  readonly type: string;
  private nulls = new Uint8Array(FIRST_ROWS);
  private rows = 0;

  constructor(private readonly inner: Inner) {
    this.type = `Nullable(${inner.type})`;
  }

  /** Says whether the next row is missing, and gives the column to push its value to. */
  push(isNull: boolean): Inner {
    if (this.rows === this.nulls.length) this.nulls = grown(this.nulls, this.rows + 1);
    this.nulls[this.rows++] = isNull ? 1 : 0;
    return this.inner;
  }

  drop(): void {
    this.rows--;
    this.inner.drop();
  }

  clear(): void {
    this.rows = 0;
    this.inner.clear();
  }

  size(): number {
    return this.rows + this.inner.size();
  }

  prefix(): Uint8Array[] {
    return this.inner.prefix();
  }

  values(): Uint8Array[] {
    return [bytesOf(this.nulls, this.rows), ...this.inner.values()];
  }
}
