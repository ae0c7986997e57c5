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
    if (records.length === 0) return;
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

function groupByTopic(records: readonly OutgoingRecord[]): Map<string, OutgoingRecord[]> {
  const byTopic = new Map<string, OutgoingRecord[]>();
  for (const record of records) {
    const list = byTopic.get(record.topic);
    if (list) list.push(record);
    else byTopic.set(record.topic, [record]);
  }
  return byTopic;
}
