import { isUtf8 } from 'node:buffer';
import * as message from '@ringwatch/message';
import { ObjectScanner, UnsignedAt } from '@ringwatch/message';
import type { Elements } from '../native/array-column';
import type { NullableColumn, Uint32Column, Wide64Column } from '../native/number-columns';
import { DictionaryColumn, StringColumn, hashOf } from '../native/text-columns';

/** Local, since what is imported from another library is asked of a getter each time: a tenth of the time of a message. */
const { EARLIEST_EVENT_MS, MAX_AHEAD_MS, MAX_MESSAGE_BYTES, UNSURE, instantAt, skipSpace, valueKind } = message;
/** DateTime64 holds 1900 to 2299; a host's clock can say anything else (a FILETIME of zero is 1601). */
const LEAST = Date.UTC(1900, 0, 1);
const MOST = Date.UTC(2299, 11, 31);
const A = 0x41;
const Z = 0x5a;
const utf8Text = new TextDecoder('utf-8', { ignoreBOM: true });
const DRIVER_CHANNEL = Buffer.from('driver:');
/** The message is depth 1, a list in it 2. */
const ITEM_DEPTH = 3;
const { ascii, utf8, number, absent } = valueKind;

/** An instant (ms since 1970 UTC) as near as ClickHouse can hold it. */
export function storable(instant: number): number {
  return Math.min(MOST, Math.max(LEAST, instant));
}

/** Which bytes may stand in an event id. */
const idBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[A-Za-z0-9._:-]/.test(String.fromCharCode(byte))),
);

/**
 * Writes the members of one JSON object to columns, by the same types and limits as `FieldReader`, straight from bytes.
 * Each method answers whether it was sure and wrote the row; when one is not, the message is left to `judgeMessage`.
 */
export class FieldWriter {
  /** How many columns have got the row. */
  written = 0;
  private bytes: Uint8Array = new Uint8Array();
  private lowered = new Uint8Array(512);

  private readonly unsigned = new UnsignedAt();

  constructor(readonly scanner: ObjectScanner) {}

  /** Finds the members of a whole message; false where it may not be a message that we take. */
  scanMessage(bytes: Uint8Array, start: number, end: number): boolean {
    const { scanner } = this;
    this.written = 0;
    if (start < 0 || end - start > MAX_MESSAGE_BYTES) return false;
    const at = skipSpace(bytes, start, end);
    if (at >= end || bytes[at] !== 0x7b) return false;
    scanner.sawHighBytes = false;
    const after = scanner.scan(bytes, at, end, 1);
    if (after === UNSURE || (after !== end && skipSpace(bytes, after, end) !== end)) return false;
    this.bytes = bytes;
    return !scanner.sawHighBytes || isUtf8(bytes.subarray(start, end));
  }

  /**
   * Writes the objects of an array that stands (with its brackets) at `start` to `end` inside a message that `scanMessage`
   * took: `write` is called for each. Gives how many there were, or `UNSURE` with nothing written.
   */
  writeItems(
    bytes: Uint8Array,
    start: number,
    end: number,
    columns: readonly Elements[],
    write: () => boolean,
  ): number {
    this.bytes = bytes;
    let at = skipSpace(bytes, start + 1, end);
    for (let taken = 0; ; taken++) {
      if (bytes[at] === 0x5d) return taken;
      this.written = 0;
      const after = bytes[at] === 0x7b ? this.scanner.scan(bytes, at, end, ITEM_DEPTH) : UNSURE;
      if (after === UNSURE || !write()) {
        columns.forEach((column, index) => column.drop(taken + (index < this.written ? 1 : 0)));
        return UNSURE;
      }
      at = skipSpace(bytes, after, end);
      if (bytes[at] === 0x2c) at = skipSpace(bytes, at + 1, end);
    }
  }

  eventId(column: StringColumn, member: number): boolean {
    const { bytes, scanner } = this;
    const start = scanner.starts[member] as number;
    const end = scanner.ends[member] as number;
    if (scanner.kinds[member] !== ascii || end - start < 1 || end - start > 64) return false;
    for (let at = start; at < end; at++) if (idBytes[bytes[at] as number] === 0) return false;
    column.push(bytes, start, end);
    return this.done();
  }

  /** A text of `min` to `max` characters; missing counts as empty where `min` is 0 and `optional` is set. */
  text(column: StringColumn, member: number, min: number, max: number): boolean {
    if (!this.isText(member, min, max)) return false;
    column.push(this.bytes, this.scanner.starts[member] as number, this.scanner.ends[member] as number);
    return this.done();
  }

  optionalText(column: StringColumn, member: number, max: number): boolean {
    if (this.scanner.kinds[member] !== absent) return this.text(column, member, 0, max);
    column.push(this.bytes, 0, 0);
    return this.done();
  }

  /** As `text`, for what few hosts differ in. */
  word(column: DictionaryColumn, member: number, min: number, max: number): boolean {
    if (!this.isText(member, min, max)) return false;
    const start = this.scanner.starts[member] as number;
    const end = this.scanner.ends[member] as number;
    const isAscii = this.scanner.kinds[member] === ascii;
    const hash = isAscii ? (this.scanner.hashes[member] as number) : hashOf(this.bytes, start, end);
    column.push(this.bytes, start, end, hash);
    return this.done();
  }

  optionalWord(column: DictionaryColumn, member: number, max: number): boolean {
    return this.scanner.kinds[member] === absent ? this.emptyWord(column) : this.word(column, member, 0, max);
  }

  /** An image name: ASCII in lower case; of other alphabets the parser knows the case. */
  image(column: DictionaryColumn, member: number, min: number, max: number): boolean {
    const { scanner } = this;
    if (scanner.kinds[member] !== ascii || !this.isText(member, min, max)) return false;
    this.lowerWord(
      column,
      scanner.starts[member] as number,
      scanner.ends[member] as number,
      scanner.hashes[member] as number,
    );
    return this.done();
  }

  optionalImage(column: DictionaryColumn, member: number, max: number): boolean {
    return this.scanner.kinds[member] === absent ? this.emptyWord(column) : this.image(column, member, 0, max);
  }

  /** An update channel: `driver:<image>` in lower case. */
  channel(column: DictionaryColumn, member: number, min: number): boolean {
    const start = this.scanner.starts[member] as number;
    return this.namesDriver(start, this.scanner.ends[member] as number)
      ? this.image(column, member, min, 160)
      : this.word(column, member, min, 160);
  }

  country(column: DictionaryColumn, member: number): boolean {
    const { bytes, scanner } = this;
    const start = scanner.starts[member] as number;
    if (scanner.kinds[member] !== ascii || (scanner.ends[member] as number) !== start + 2) return false;
    for (let at = start; at < start + 2; at++) if ((bytes[at] as number) < A || (bytes[at] as number) > Z) return false;
    column.push(bytes, start, start + 2, scanner.hashes[member] as number);
    return this.done();
  }

  /** One of the words of a closed list. */
  oneOf(column: DictionaryColumn, member: number, words: readonly Uint8Array[]): boolean {
    const { bytes, scanner } = this;
    const start = scanner.starts[member] as number;
    const end = scanner.ends[member] as number;
    if (scanner.kinds[member] !== ascii) return false;
    const isKnown = words.some(
      (word) => word.length === end - start && word.every((byte, at) => byte === bytes[start + at]),
    );
    if (!isKnown) return false;
    column.push(bytes, start, end, scanner.hashes[member] as number);
    return this.done();
  }

  /** The text of a member that was written; undefined for none. */
  textOf(member: number): string | undefined {
    if (member < 0) return undefined;
    return utf8Text.decode(
      this.bytes.subarray(this.scanner.starts[member] as number, this.scanner.ends[member] as number),
    );
  }

  /** The instant of a member in milliseconds since 1970 UTC, NaN where it is none. */
  instantOf(member: number): number {
    const { kinds, starts, ends } = this.scanner;
    return kinds[member] === ascii ? instantAt(this.bytes, starts[member] as number, ends[member] as number) : NaN;
  }

  instant(column: Wide64Column, member: number): boolean {
    const instant = this.instantOf(member);
    if (Number.isNaN(instant)) return false;
    column.push(storable(instant));
    return this.done();
  }

  eventTime(column: Wide64Column, instant: number, recordTimestamp: number): boolean {
    if (!(instant >= EARLIEST_EVENT_MS && instant <= recordTimestamp + MAX_AHEAD_MS)) return false;
    column.push(storable(instant));
    return this.done();
  }

  unsigned32(column: Uint32Column, member: number): boolean {
    if (!this.readUnsigned(member, true) || this.unsigned.high !== 0) return false;
    column.push(this.unsigned.low);
    return this.done();
  }

  optionalUnsigned(column: NullableColumn<Wide64Column>, member: number, mayBeHexadecimal: boolean): boolean {
    if (this.scanner.kinds[member] === absent) column.push(true).pushHalves(0, 0);
    else if (this.readUnsigned(member, mayBeHexadecimal)) {
      column.push(false).pushHalves(this.unsigned.high, this.unsigned.low);
    } else return false;
    return this.done();
  }

  /** Says that the next column has got the row too. */
  done(): true {
    this.written++;
    return true;
  }

  private readUnsigned(member: number, mayBeHexadecimal: boolean): boolean {
    const { kinds, starts, ends } = this.scanner;
    const start = starts[member] as number;
    const end = ends[member] as number;
    if (kinds[member] === number) return this.unsigned.decimal(this.bytes, start, end);
    return mayBeHexadecimal && kinds[member] === ascii && this.unsigned.hexadecimal(this.bytes, start, end);
  }

  private isText(member: number, min: number, max: number): boolean {
    const { kinds, starts, ends } = this.scanner;
    const bytes = (ends[member] as number) - (starts[member] as number);
    if (kinds[member] === ascii) return bytes >= min && bytes <= max;
    if (kinds[member] !== utf8) return false;
    const characters = this.characters(starts[member] as number, ends[member] as number);
    return characters >= min && characters <= max;
  }

  /** Characters of UTF-8 bytes; -1 with one of the control characters U+0080 to U+009F, which are not kept. */
  private characters(start: number, end: number): number {
    const { bytes } = this;
    let characters = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === 0xc2 && (bytes[at + 1] as number) < 0xa0) return -1;
      if ((byte & 0xc0) !== 0x80) characters++;
    }
    return characters;
  }

  private namesDriver(start: number, end: number): boolean {
    if (end - start < DRIVER_CHANNEL.length) return false;
    for (let at = 0; at < DRIVER_CHANNEL.length; at++) if (this.bytes[start + at] !== DRIVER_CHANNEL[at]) return false;
    return true;
  }

  private lowerWord(column: DictionaryColumn, start: number, end: number, hash: number): void {
    const { bytes, lowered } = this;
    let at = start;
    while (at < end && ((bytes[at] as number) < A || (bytes[at] as number) > Z)) at++;
    if (at === end) return column.push(bytes, start, end, hash);
    const length = end - start;
    for (let index = 0; index < length; index++) {
      const byte = bytes[start + index] as number;
      lowered[index] = byte >= A && byte <= Z ? byte + 0x20 : byte;
    }
    column.push(lowered, 0, length, hashOf(lowered, 0, length));
  }

  private emptyWord(column: DictionaryColumn): true {
    column.push(this.bytes, 0, 0, 0);
    return this.done();
  }
}
