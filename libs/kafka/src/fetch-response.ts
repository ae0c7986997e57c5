import { type FetchedPartition, type ReadLimits, readFetchedPartition } from './fetched-partition';
import { incomingMessage } from './incoming-message';
import type { InternalDecoder, KafkaJsInternals } from './kafkajs-internals';
import { type FetchedRecord, magicOf, type RecordBatchContext } from './record-batch';
import { type AbortedTransaction, visibleRecords } from './visible-records';

/** One partition of a fetch response, read. */
export interface PartitionAnswer extends FetchedPartition {
  aborted: AbortedTransaction[];
}

/** Where in a response the records of a partition stand. */
interface PartitionHead {
  topic: string;
  partition: number;
  aborted: AbortedTransaction[];
  bytes: Buffer;
}

/** The most bytes of records, as they lie in memory, that one fetch may bring of one partition, and of all. */
export interface FetchLimits {
  maxBytesPerPartition: number;
  maxBytes: number;
}

/** What one fetch brought, by topic and partition. */
export class FetchAnswer {
  private readonly partitions = new Map<string, PartitionAnswer>();

  /** How many times larger its records are in memory than they were on their way; nothing where there were none. */
  get expansion(): number | undefined {
    let [fetched, kept] = [0, 0];
    for (const { fetchedBytes, keptBytes } of this.partitions.values()) {
      fetched += fetchedBytes;
      kept += keptBytes;
    }
    return fetched > 0 ? kept / fetched : undefined;
  }

  set(topic: string, partition: number, answer: PartitionAnswer): void {
    this.partitions.set(`${topic}/${partition}`, answer);
  }

  /** All that was read of a partition, also before the offset that was asked for: batches come whole. */
  allOf(topic: string, partition: number): readonly FetchedRecord[] {
    return this.partitions.get(`${topic}/${partition}`)?.records ?? [];
  }

  /** Those records of a partition that are somebody's messages. `records` are its records from some offset on. */
  visibleOf(topic: string, partition: number, records: readonly FetchedRecord[]): readonly FetchedRecord[] {
    return visibleRecords(records, this.partitions.get(`${topic}/${partition}`)?.aborted ?? []);
  }
}

/**
 * Reads a fetch response, version 11 (https://kafka.apache.org/protocol#The_Messages_Fetch). Gives kafkajs what it expects,
 * without messages: they go to `answer`.
 */
export async function readFetchResponse(
  internals: KafkaJsInternals,
  bytes: Buffer,
  answer: FetchAnswer,
  limits: FetchLimits,
): Promise<unknown> {
  const decoder = new internals.Decoder(bytes);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const heads: PartitionHead[] = [];
  const room = { bytesLeft: limits.maxBytes };
  const responses = decoder.readArray(() => {
    const topicName = decoder.readString();
    return { topicName, partitions: decoder.readArray(() => readHead(decoder, topicName, heads)) };
  });
  await Promise.all(
    heads.map(async ({ topic, partition, aborted, bytes: records }) => {
      const read = await readRecords(internals, records, { mostBytes: limits.maxBytesPerPartition, room });
      answer.set(topic, partition, { aborted, ...read });
    }),
  );
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

function readHead(decoder: InternalDecoder, topic: string, heads: PartitionHead[]) {
  const head = {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: decoder.readInt64().toString(),
    lastStableOffset: decoder.readInt64().toString(),
    lastStartOffset: decoder.readInt64().toString(),
  };
  const aborted = decoder.readArray(() => ({
    producerId: decoder.readInt64(),
    firstOffset: Number(decoder.readInt64()),
  }));
  const preferredReadReplica = decoder.readInt32();
  const length = Math.max(0, decoder.readInt32());
  const bytes = decoder.buffer.subarray(decoder.offset, decoder.offset + length);
  decoder.offset += length;
  heads.push({ topic, partition: head.partition, aborted, bytes });
  return { ...head, abortedTransactions: [], preferredReadReplica, messages: [] };
}

async function readRecords(internals: KafkaJsInternals, bytes: Buffer, limits: ReadLimits): Promise<FetchedPartition> {
  if (bytes.length <= 16 || magicOf(bytes, 0) === 2) return readFetchedPartition(bytes, limits);
  const size = Buffer.alloc(4);
  size.writeInt32BE(bytes.length);
  const messages = await internals.decodeMessages(new internals.Decoder(Buffer.concat([size, bytes])));
  const records = messages.map(({ offset, timestamp, key, value }) => ({
    ...incomingMessage({ offset: Number(offset), timestamp: Number(timestamp ?? -1), key, value }),
    batch: OLD,
  }));
  return { records: records as unknown as FetchedRecord[], fetchedBytes: bytes.length, keptBytes: bytes.length };
}

/** What old messages have in common with batches: no transactions. */
const OLD: RecordBatchContext = {
  firstOffset: 0,
  firstTimestamp: 0n,
  appendedAt: undefined,
  producerId: -1n,
  inTransaction: false,
  isControlBatch: false,
  codec: 0,
  count: 0,
};
