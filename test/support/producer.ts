import { CompressionTypes, Kafka, Producer, logLevel } from 'kafkajs';

/** One record as a producer may send it: any bytes, any partition, any timestamp. */
export interface RecordToSend {
  key?: Buffer | string | null;
  value: Buffer | string | null;
  partition?: number;
  /** Milliseconds since 1970; without it the time of sending. */
  timestamp?: number | string;
}

/** A record as a reader of the topic sees it. */
export interface RecordSeen {
  offset: string;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, string>;
}

/** Kafka as seen from outside: a producer that is not ours, and what a person with an admin tool would ask. */
export class KafkaWorld {
  readonly kafka: Kafka;
  private readonly producer: Producer;

  constructor(brokers: string[]) {
    this.kafka = new Kafka({ brokers, clientId: 'world', logLevel: logLevel.NOTHING });
    this.producer = this.kafka.producer({ allowAutoTopicCreation: false });
  }

  async connect(): Promise<this> {
    await this.producer.connect();
    return this;
  }

  disconnect(): Promise<void> {
    return this.producer.disconnect();
  }

  async send(topic: string, records: RecordToSend[]): Promise<void> {
    await this.producer.send({ topic, messages: records.map(toMessage), compression: CompressionTypes.GZIP });
  }

  /** Sends in one transaction, which leaves a mark of its own behind the records. */
  async sendInTransaction(topic: string, records: RecordToSend[], end: 'commit' | 'abort'): Promise<void> {
    const producer = this.kafka.producer({
      transactionalId: `world-${topic}`,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: records.map(toMessage) });
    await transaction[end]();
    await producer.disconnect();
  }

  async endsOf(topic: string): Promise<string[]> {
    return this.asAdmin(async (admin) => inOrder(await admin.fetchTopicOffsets(topic)));
  }

  async committedOf(groupId: string, topic: string): Promise<string[]> {
    const offsets = await this.asAdmin((admin) => admin.fetchOffsets({ groupId, topics: [topic] }));
    return inOrder(offsets[0]?.partitions ?? []);
  }

  /** Sets a group that is at rest back to the first record of a time (ms since 1970 UTC) or after, as Kafka's own tool does. */
  async setBack(groupId: string, topic: string, since: number): Promise<void> {
    await this.asAdmin(async (admin) => {
      const partitions = await admin.fetchTopicOffsetsByTimestamp(topic, since);
      await admin.setOffsets({ groupId, topic, partitions });
    });
  }

  /** Lets a new group go on where another one has committed: at once, without waiting for the session of a killed member. */
  async handOver(fromGroup: string, toGroup: string, topic: string): Promise<void> {
    await this.asAdmin(async (admin) => {
      const [committed] = await admin.fetchOffsets({ groupId: fromGroup, topics: [topic] });
      const partitions = (committed?.partitions ?? []).filter(({ offset }) => offset !== '-1');
      if (partitions.length > 0) await admin.setOffsets({ groupId: toGroup, topic, partitions });
    });
  }

  /** All records of a topic from its beginning; it has to hold some. */
  async recordsOf(topic: string): Promise<RecordSeen[]> {
    const wanted = (await this.endsOf(topic)).reduce((sum, end) => sum + Number(end), 0);
    const consumer = this.kafka.consumer({ groupId: `world-${topic}-${Date.now()}` });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const records: RecordSeen[] = [];
    await new Promise<void>((done, fail) => {
      const eachMessage = async ({ message }: { message: RecordSeen & { headers?: object } }) => {
        const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
        records.push({ ...message, headers: Object.fromEntries(headers) });
        if (records.length >= wanted) done();
      };
      consumer.run({ eachMessage: eachMessage as never }).catch(fail);
    });
    await consumer.disconnect();
    return records;
  }

  private async asAdmin<T>(ask: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    await admin.connect();
    return ask(admin).finally(() => admin.disconnect());
  }
}

function toMessage({ key = null, value, partition, timestamp }: RecordToSend) {
  return { key, value, partition, ...(timestamp === undefined ? {} : { timestamp: String(timestamp) }) };
}

function inOrder(partitions: Array<{ partition: number; offset: string }>): string[] {
  return [...partitions].sort((one, other) => one.partition - other.partition).map(({ offset }) => offset);
}
