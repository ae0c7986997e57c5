import fc from 'fast-check';
import { createRequire } from 'node:module';
import { readFetchedPartition, UnreadableRecordBatch } from './fetched-partition';
import { findKafkaJsInternals, type KafkaJsInternals } from './kafkajs-internals';
import { visibleRecords } from './visible-records';

const load = createRequire(__filename);
const internals = findKafkaJsInternals() as KafkaJsInternals;
const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: object) => Promise<{ buffer: Buffer }>;
};
const encodeRecord = load('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object;

interface Made {
  firstOffset: number;
  firstTimestamp: bigint;
  compression: number;
  /** Flags that kafkajs' encoder does not set: 8 stamped by the broker, 16 in a transaction, 32 marks. */
  flags: number;
  producerId: number;
  records: Array<{
    timestampDelta: bigint;
    offsetDelta: number;
    key: Buffer | null;
    value: Buffer | null;
    headers: Record<string, string>;
  }>;
}

async function encode({ compression, flags, records, ...made }: Made): Promise<Buffer> {
  const { buffer } = await RecordBatch({
    ...made,
    compression,
    maxTimestamp: made.firstTimestamp + 7n,
    records: records.map((record) => encodeRecord(record)),
  });
  const bytes = Buffer.from(buffer);
  bytes.writeInt16BE(bytes.readInt16BE(21) | flags, 21);
  return bytes;
}

interface Decoded {
  offset: string | number;
  timestamp?: string | number;
  key: Buffer | null;
  value: Buffer | null;
}
const plain = ({ offset, timestamp, key, value }: Decoded) => ({
  offset: Number(offset),
  timestamp: Number(timestamp),
  key,
  value,
});

async function byKafkaJs(bytes: Buffer) {
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  const messages = await internals.decodeMessages(new internals.Decoder(Buffer.concat([size, bytes])));
  return messages as unknown as Array<Decoded & { isControlRecord: boolean; batchContext: { producerId: string } }>;
}
const all = { mostBytes: Infinity, room: { bytesLeft: Infinity } };

const bytesOrNull = fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)));
const batch: fc.Arbitrary<Made> = fc.record({
  firstOffset: fc.nat(2 ** 40),
  firstTimestamp: fc.oneof(fc.bigInt(0n, 4_000_000_000_000n), fc.bigInt(-(2n ** 62n), 2n ** 62n)),
  compression: fc.constantFrom(0, 1),
  flags: fc.constantFrom(0, 8, 16, 32 | 16),
  producerId: fc.nat(1_000),
  records: fc.array(
    fc.record({
      timestampDelta: fc.oneof(fc.bigInt(-100n, 100n), fc.bigInt(-(2n ** 40n), 2n ** 40n)),
      offsetDelta: fc.nat(100_000),
      key: bytesOrNull,
      value: bytesOrNull,
      headers: fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.string({ maxLength: 200 }), { maxKeys: 3 }),
    }),
    { minLength: 1, maxLength: 30 },
  ),
});

describe('readFetchedPartition', () => {
  it('reads what kafkajs reads: compression, marks, null keys and values, headers, any timestamps, a batch cut off', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (batches, cut) => {
          const encoded = await Promise.all(batches.map(encode));
          const last = encoded.at(-1) as Buffer;
          const whole = Buffer.concat(encoded);
          const bytes = whole.subarray(0, whole.length - Math.floor(last.length * cut));
          // kafkajs itself cannot read less than this.
          fc.pre(bytes.length > 16);
          const theirs = await byKafkaJs(bytes);
          const { records } = await readFetchedPartition(bytes, all);
          expect(records.map(plain)).toEqual(theirs.map(plain));
          expect(records.map((record) => [record.batch.isControlBatch, String(record.batch.producerId)])).toEqual(
            theirs.map(({ isControlRecord, batchContext }) => [isControlRecord, batchContext.producerId]),
          );
          for (const { bytes: held, value, valueStart, valueEnd } of records)
            expect(valueStart < 0 ? null : held.subarray(valueStart, valueEnd)).toEqual(value);
        },
      ),
      { numRuns: 300 },
    ));

  const made: Made = {
    firstOffset: 10,
    firstTimestamp: 1_000n,
    compression: 0,
    flags: 0,
    producerId: 1,
    records: [{ timestampDelta: 0n, offsetDelta: 0, key: null, value: Buffer.alloc(1_000), headers: {} }],
  };

  it('stops where its memory is full, at the end of a batch', async () => {
    const bytes = Buffer.concat(await Promise.all([0, 1, 2].map((at) => encode({ ...made, firstOffset: at }))));
    const offsets = async (mostBytes: number, bytesLeft: number) =>
      (await readFetchedPartition(bytes, { mostBytes, room: { bytesLeft } })).records.map(({ offset }) => offset);
    expect(await offsets(1, Infinity)).toEqual([0]);
    expect(await offsets(1_500, Infinity)).toEqual([0, 1]);
    expect(await offsets(Infinity, 1_500)).toEqual([0, 1]);
    expect(await offsets(Infinity, 0)).toEqual([]);
  });

  it.each(['snappy', 'lz4', 'zstd'])('refuses a batch that is packed with %s, and says what to do', async (codec) => {
    const bytes = await encode({ ...made, flags: 1 + ['gzip', 'snappy', 'lz4', 'zstd'].indexOf(codec) });
    await expect(readFetchedPartition(bytes, all)).rejects.toThrow(`offset 10 is packed with ${codec}`);
    await expect(readFetchedPartition(bytes, all)).rejects.toMatchObject({ retriable: false });
  });

  it.each([
    { name: 'a record longer than its batch', at: 61, byte: 0xff },
    { name: 'more records than there are', at: 60, byte: 9 },
  ])('refuses $name', async ({ at, byte }) => {
    const bytes = await encode(made);
    bytes[at] = byte;
    await expect(readFetchedPartition(bytes, all)).rejects.toThrow(UnreadableRecordBatch);
  });
});

describe('visibleRecords', () => {
  const ABORT = Buffer.from([0, 0, 0, 0]);
  const COMMIT = Buffer.from([0, 0, 0, 1]);
  /** One batch with one record: in a transaction of this producer, or with a mark's key the mark of it. */
  const record = async (offset: number, producerId: number, more: { mark?: Buffer; key?: Buffer } = {}) => {
    const bytes = await encode({
      firstOffset: offset,
      firstTimestamp: 0n,
      compression: 0,
      flags: producerId === 0 ? 0 : more.mark ? 16 | 32 : 16,
      producerId,
      records: [
        {
          timestampDelta: 0n,
          offsetDelta: 0,
          key: more.mark ?? more.key ?? null,
          value: Buffer.from('v'),
          headers: {},
        },
      ],
    });
    return (await readFetchedPartition(bytes, all)).records[0]!;
  };

  it('leaves out marks, and what was taken back up to its mark, also where two were open before the fetch began', async () => {
    const records = await Promise.all([
      record(10, 2),
      record(11, 0),
      record(12, 3),
      record(13, 1, { key: ABORT }),
      record(14, 1),
      record(15, 1, { mark: ABORT }),
      record(16, 1),
      record(17, 1, { mark: COMMIT }),
      record(18, 2),
      record(19, 2, { mark: ABORT }),
      record(20, 3, { mark: COMMIT }),
    ]);
    const aborted = [
      { producerId: 2n, firstOffset: 7 },
      { producerId: 1n, firstOffset: 5 },
    ];
    expect(visibleRecords(records, aborted).map(({ offset }) => offset)).toEqual([11, 12, 16]);
  });
});
