import { Column, bytesOf, grown, uint64 } from './column';

const FIRST_ROWS = 8_192;
const FIRST_BYTES = 64 * 1024;
const FIRST_SLOTS = 1_024;
/** Native's marks for LowCardinality: the version of its keys, and "the keys of this block stand here" beside the index width. */
const KEYS_VERSION = 1;
const KEYS_FOLLOW = 0x600;
const utf8 = new TextEncoder();

/** Texts with their lengths before them, as Native writes `String`. */
class Texts {
  bytes = new Uint8Array(FIRST_BYTES);
  used = 0;

  /** Appends the bytes; gives where they start, behind their length. */
  add(source: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (this.used + length + 5 > this.bytes.length) this.bytes = grown(this.bytes, this.used + length + 5);
    const { bytes } = this;
    let at = this.used;
    let rest = length;
    for (; rest >= 0x80; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    bytes[at++] = rest;
    for (let index = 0; index < length; index++) bytes[at + index] = source[start + index] as number;
    this.used = at + length;
    return at;
  }
}

/** `String`. */
export class StringColumn implements Column {
  readonly type = 'String';
  private readonly texts = new Texts();
  private before = 0;

  /** A text as its bytes in UTF-8. */
  push(source: Uint8Array, start: number, end: number): void {
    this.before = this.texts.used;
    this.texts.add(source, start, end);
  }

  pushText(text: string): void {
    const bytes = utf8.encode(text);
    this.push(bytes, 0, bytes.length);
  }

  /** Only the last row can be taken back, and once. */
  drop(): void {
    this.texts.used = this.before;
  }

  clear(): void {
    this.texts.used = 0;
  }

  size(): number {
    return this.texts.used;
  }

  prefix(): Uint8Array[] {
    return [];
  }

  values(): Uint8Array[] {
    return [bytesOf(this.texts.bytes, this.texts.used)];
  }
}

/** `LowCardinality(String)`: each different text once a block, rows as numbers of texts. */
export class DictionaryColumn implements Column {
  readonly type = 'LowCardinality(String)';
  private readonly texts = new Texts();
  private starts = new Int32Array(FIRST_SLOTS);
  private lengths = new Int32Array(FIRST_SLOTS);
  private hashes = new Int32Array(FIRST_SLOTS);
  private keys = 0;
  /** Open addressing: the number of a text + 1, or 0; a power of two, at most half full. */
  private slots = new Int32Array(2 * FIRST_SLOTS);
  private ids = new Uint32Array(FIRST_ROWS);
  private rows = 0;

  /** A text as its bytes in UTF-8, with `hashOf` those bytes. */
  push(source: Uint8Array, start: number, end: number, hash: number): void {
    if (this.rows === this.ids.length) this.ids = grown(this.ids, this.rows + 1);
    this.ids[this.rows++] = this.idOf(source, start, end, hash);
  }

  pushText(text: string): void {
    const bytes = utf8.encode(text);
    this.push(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length));
  }

  drop(rows = 1): void {
    this.rows -= rows;
  }

  clear(): void {
    this.rows = 0;
    this.keys = 0;
    this.texts.used = 0;
    this.slots.fill(0);
  }

  size(): number {
    return this.texts.used + 4 * this.rows;
  }

  prefix(): Uint8Array[] {
    return [uint64(KEYS_VERSION)];
  }

  values(): Uint8Array[] {
    if (this.rows === 0) return [];
    const width = this.keys <= 0x100 ? 0 : this.keys <= 0x1_0000 ? 1 : 2;
    const ids = this.ids.subarray(0, this.rows);
    const narrow = width === 0 ? new Uint8Array(this.rows) : width === 1 ? new Uint16Array(this.rows) : ids;
    if (narrow !== ids) narrow.set(ids);
    return [
      uint64(KEYS_FOLLOW | width),
      uint64(this.keys),
      bytesOf(this.texts.bytes, this.texts.used),
      uint64(this.rows),
      bytesOf(narrow, this.rows),
    ];
  }

  private idOf(source: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const id = (this.slots[slot] as number) - 1;
      if (id < 0) return this.add(slot, source, start, end, hash);
      if (this.hashes[id] === hash && this.isText(id, source, start, end)) return id;
    }
  }

  private isText(id: number, source: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (this.lengths[id] !== length) return false;
    const { bytes } = this.texts;
    const at = this.starts[id] as number;
    for (let index = 0; index < length; index++) if (bytes[at + index] !== source[start + index]) return false;
    return true;
  }

  private add(slot: number, source: Uint8Array, start: number, end: number, hash: number): number {
    const id = this.keys++;
    this.slots[slot] = id + 1;
    if (id === this.starts.length) {
      this.starts = grown(this.starts, id + 1);
      this.lengths = grown(this.lengths, id + 1);
      this.hashes = grown(this.hashes, id + 1);
    }
    this.starts[id] = this.texts.add(source, start, end);
    this.lengths[id] = end - start;
    this.hashes[id] = hash;
    if (2 * this.keys > this.slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    this.slots = new Int32Array(2 * this.slots.length);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.keys; id++) {
      let slot = spread(this.hashes[id] as number) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = id + 1;
    }
  }
}

/** The hash that an `ObjectScanner` gives of a text's bytes. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  return hash;
}

/** Lets every bit of the hash reach the low ones, which choose the slot. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
