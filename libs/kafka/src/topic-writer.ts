import type { IHeaders, Kafka, Producer } from 'kafkajs';
import { CompressionTypes } from 'kafkajs';

/** One record to write. `timestamp` is in milliseconds since 1970; without it the time of sending. */
export interface OutgoingRecord {
  topic: string;
  key: Buffer | string | null;
  value: Buffer | string | null;
  headers?: IHeaders;
  timestamp?: number;
}

/**
 * Bytes of records that go out in one request. What a topic limits (`max.message.bytes`) is the batch, not the record: many
 * records that are each small enough are refused together, for ever, when they are sent at once.
 */
const MOST_BYTES_AT_ONCE = 1024 * 1024;
/** What Kafka adds to a record or a header, at most. */
const FRAMING_BYTES = 64;

/**
 * Writes records and waits until Kafka has them (`acks` of all in-sync replicas), idempotent and with one request in
 * flight, so that a retry neither doubles nor reorders.
 */
export class TopicWriter {
  private readonly producer: Producer;

  constructor(kafka: Kafka) {
    this.producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
  }

  connect(): Promise<void> {
    return this.producer.connect();
  }

  /** Resolves when all are acknowledged; rejects when one could not be written after all retries. Order is kept per topic. */
  async write(records: readonly OutgoingRecord[]): Promise<void> {
    for (const portion of toPortions(records)) await this.send(portion);
  }

  private async send(records: readonly OutgoingRecord[]): Promise<void> {
    await this.producer.sendBatch({
      acks: -1,
      compression: CompressionTypes.GZIP,
      topicMessages: [...groupByTopic(records)].map(([topic, ofTopic]) => ({
        topic,
        messages: ofTopic.map(({ key, value, headers, timestamp }) => ({
          key,
          value,
          ...(headers ? { headers } : {}),
          ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }),
        })),
      })),
    });
  }

  disconnect(): Promise<void> {
    return this.producer.disconnect();
  }
}

/** Consecutive records up to the limit; a record beyond it goes alone, and the broker decides. */
export function toPortions(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const portions: OutgoingRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = sizeOf(record);
    const open = portions.at(-1);
    if (open && bytes <= room) open.push(record);
    else portions.push([record]);
    room = (open && bytes <= room ? room : MOST_BYTES_AT_ONCE) - bytes;
  }
  return portions;
}

function sizeOf({ key, value, headers = {} }: OutgoingRecord): number {
  const ofHeaders = Object.entries(headers).map(
    ([name, header]) =>
      FRAMING_BYTES + name.length + [header ?? ''].flat().reduce((sum, each) => sum + bytesOf(each), 0),
  );
  return FRAMING_BYTES + bytesOf(key) + bytesOf(value) + ofHeaders.reduce((sum, bytes) => sum + bytes, 0);
}

function bytesOf(text: Buffer | string | null): number {
  return text === null ? 0 : Buffer.byteLength(text);
}

function groupByTopic(records: readonly OutgoingRecord[]): Map<string, OutgoingRecord[]> {
  const byTopic = new Map<string, OutgoingRecord[]>();
  for (const record of records) {
    const list = byTopic.get(record.topic);
    if (list) list.push(record);
    else byTopic.set(record.topic, [record]);
  }
  return byTopic;
}
