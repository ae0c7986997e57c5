import { promisify } from 'node:util';
import { constants, gunzip } from 'node:zlib';
import {
  endOfRecordBatch,
  FetchedRecord,
  magicOf,
  RECORD_BATCH_HEADER,
  type RecordBatchContext,
  RecordCursor,
  readRecordBatchContext,
} from './record-batch';

/** What became of the bytes of one partition in a fetch. */
export interface FetchedPartition {
  records: FetchedRecord[];
  /** Bytes that were fetched for these records, and bytes that they take now: more where the topic is compressed. */
  fetchedBytes: number;
  keptBytes: number;
}

/** How much is read of one partition, and of all that share `room`, in bytes of memory; a batch is read whole or not at all. */
export interface ReadLimits {
  mostBytes: number;
  room: { bytesLeft: number };
}

/** A batch that we cannot read, and never will: kafkajs gives up on an error that is not retriable, so nothing stalls in silence. */
export class UnreadableRecordBatch extends Error {
  override readonly name = 'KafkaJSNotImplemented';
  readonly retriable = false;
}

const NONE = 0;
const GZIP = 1;
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
/** A batch of 1 MiB can unpack to a thousand times as much; one that does would take the process with it. */
const MOST_UNPACKED_BYTES = 128 * 1024 * 1024;
const unpack = promisify(gunzip);

/**
 * Reads the record batches of one partition up to their end or the limits. What stands beyond is read by
 * the next fetch, as is a last batch that was cut off, or one of an older format.
 * @throws UnreadableRecordBatch for a compression we have no code for, and for records that are not whole
 */
export async function readFetchedPartition(bytes: Buffer, { mostBytes, room }: ReadLimits): Promise<FetchedPartition> {
  const read: FetchedPartition = { records: [], fetchedBytes: 0, keptBytes: 0 };
  let start = 0;
  while (start + RECORD_BATCH_HEADER <= bytes.length && read.keptBytes < mostBytes && room.bytesLeft > 0) {
    const end = endOfRecordBatch(bytes, start);
    if (end > bytes.length || magicOf(bytes, start) !== 2) break;
    const batch = readRecordBatchContext(bytes, start);
    const from = start + RECORD_BATCH_HEADER;
    const isPlain = batch.codec === NONE || batch.count === 0;
    const unpacked = isPlain ? undefined : await unpackRecords(bytes.subarray(from, end), batch);
    readRecords(unpacked ? new RecordCursor(unpacked, 0, batch) : new RecordCursor(bytes, from, batch), read.records);
    read.fetchedBytes += end - start;
    const kept = unpacked?.length ?? end - start;
    read.keptBytes += kept;
    room.bytesLeft -= kept;
    start = end;
  }
  return read;
}

function readRecords(cursor: RecordCursor, records: FetchedRecord[]): void {
  const { count, firstOffset } = cursor.batch;
  try {
    for (let left = count; left > 0; left--) records.push(new FetchedRecord(cursor));
  } catch (cause) {
    throw new UnreadableRecordBatch(`record batch at offset ${firstOffset} is broken`, { cause });
  }
}

/** One pass of zlib into one piece of memory: a gzip's last four bytes say how long it is unpacked. */
async function unpackRecords(packed: Buffer, { codec, firstOffset }: RecordBatchContext): Promise<Buffer> {
  if (codec !== GZIP)
    throw new UnreadableRecordBatch(
      `record batch at offset ${firstOffset} is packed with ${CODECS[codec] ?? codec}: wanted none or gzip. ` +
        `Set compression.type=gzip on the topic, so that the broker repacks, and skip or rewrite this batch.`,
    );
  const length = packed.readUInt32LE(packed.length - 4);
  const chunkSize = Math.min(Math.max(length + 1, constants.Z_MIN_CHUNK), MOST_UNPACKED_BYTES);
  return unpack(packed, { chunkSize, maxOutputLength: MOST_UNPACKED_BYTES });
}
