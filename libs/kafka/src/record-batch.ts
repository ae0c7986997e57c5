import type { IncomingMessage } from './incoming-message';

/** What the records of one batch share (Kafka's record batch, magic 2: https://kafka.apache.org/documentation/#recordbatch). */
export interface RecordBatchContext {
  firstOffset: number;
  /** The first record's timestamp, milliseconds since 1970; any 64 bits. */
  firstTimestamp: bigint;
  /** All records' timestamp where the topic stamps records when they are appended, else undefined. */
  appendedAt: number | undefined;
  producerId: bigint;
  inTransaction: boolean;
  /** Its records are marks of transactions: nobody's messages. */
  isControlBatch: boolean;
  /** How the records are packed: 0 not at all, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  codec: number;
  /** How many records there are. */
  count: number;
}

/** Bytes before the first record. */
export const RECORD_BATCH_HEADER = 61;
/** Bytes of offset and length, which the length does not count. */
const LOG_OVERHEAD = 12;

/** Where a record batch that starts at `start` ends, exclusive; beyond the end of `bytes` when it was cut off. */
export function endOfRecordBatch(bytes: Buffer, start: number): number {
  return start + LOG_OVERHEAD <= bytes.length ? start + LOG_OVERHEAD + bytes.readInt32BE(start + 8) : Infinity;
}

/** The format of a record batch or message set that starts at `start`; older ones than 2 have nothing else in common. */
export function magicOf(bytes: Buffer, start: number): number {
  return bytes.readInt8(start + 16);
}

/** Reads the head of a whole record batch. */
export function readRecordBatchContext(bytes: Buffer, start: number): RecordBatchContext {
  const attributes = bytes.readInt16BE(start + 21);
  return {
    firstOffset: Number(bytes.readBigInt64BE(start)),
    codec: attributes & 0x07,
    appendedAt: attributes & 0x08 ? Number(bytes.readBigInt64BE(start + 35)) : undefined,
    inTransaction: (attributes & 0x10) > 0,
    isControlBatch: (attributes & 0x20) > 0,
    firstTimestamp: bytes.readBigInt64BE(start + 27),
    producerId: bytes.readBigInt64BE(start + 43),
    count: bytes.readInt32BE(start + 57),
  };
}

/** One record, as places in the bytes it came in: a message for handlers without another object. */
export class FetchedRecord implements IncomingMessage {
  readonly bytes: Buffer;
  readonly batch: RecordBatchContext;
  readonly timestamp: number;
  readonly offset: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  private readonly keyStart: number;
  private readonly keyEnd: number;

  /** Reads the record that the cursor stands at and leaves the cursor behind it. @throws Error where there is no whole record */
  constructor(cursor: RecordCursor) {
    const { bytes, batch } = cursor;
    const end = cursor.varint() + cursor.at;
    cursor.at++; // attributes of a record: Kafka has none yet
    this.bytes = bytes;
    this.batch = batch;
    this.timestamp = cursor.timestamp();
    this.offset = batch.firstOffset + cursor.varint();
    const keyLength = cursor.varint();
    this.keyStart = keyLength < 0 ? -1 : cursor.at;
    this.keyEnd = keyLength < 0 ? -1 : (cursor.at += keyLength);
    const valueLength = cursor.varint();
    this.valueStart = valueLength < 0 ? -1 : cursor.at;
    this.valueEnd = valueLength < 0 ? -1 : (cursor.at += valueLength);
    // Headers stand between the value and the end; nobody asks for them. Also false where a length was read beyond the bytes.
    if (!(cursor.at < end && end <= bytes.length))
      throw new Error(`record ${this.offset} is longer than what holds it`);
    cursor.at = end;
  }

  get key(): Buffer | null {
    return this.keyStart < 0 ? null : this.bytes.subarray(this.keyStart, this.keyEnd);
  }

  get value(): Buffer | null {
    return this.valueStart < 0 ? null : this.bytes.subarray(this.valueStart, this.valueEnd);
  }
}

/** Where the next record starts. */
export class RecordCursor {
  private readonly safeTimestamp: number | undefined;

  constructor(
    readonly bytes: Buffer,
    public at: number,
    readonly batch: RecordBatchContext,
  ) {
    const first = Number(batch.firstTimestamp);
    this.safeTimestamp = Math.abs(first) < 2 ** 52 ? first : undefined;
  }

  /** A number of at most 32 bits, zigzag-coded in groups of 7 bits. */
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] as number;
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = bytes[this.at++] as number;
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** The record's timestamp: as a rule a few milliseconds from the first one's, but any 64 bits are allowed. */
  timestamp(): number {
    const { bytes, at, batch, safeTimestamp } = this;
    let end = at;
    while ((bytes[end] as number) >= 0x80) end++;
    const { appendedAt } = batch;
    if (appendedAt !== undefined) {
      this.at = end + 1;
      return appendedAt;
    }
    if (end - at < 4 && safeTimestamp !== undefined) return safeTimestamp + this.varint();
    return this.farTimestamp(end);
  }

  private farTimestamp(end: number): number {
    let value = 0n;
    for (let at = end; at >= this.at; at--) value = (value << 7n) | BigInt((this.bytes[at] as number) & 0x7f);
    this.at = end + 1;
    const delta = (BigInt.asUintN(64, value) >> 1n) ^ -(value & 1n);
    return Number(this.batch.firstTimestamp + delta);
  }
}
