import { type Kafka, type LogMessage, partitionBounds, readLog, toRecords } from '@ringwatch/audit';
import { type ClickHouseClient, type DeadLetter, storeDeadLetters, storeEvents } from '@ringwatch/clickhouse';
import { type InputTopic, inputTopics, isRefusal, judgeMessage } from '@ringwatch/inputs';
import type { TopicWriter } from '@ringwatch/kafka';

/** Ingest at its plainest, one message after the other and without a consumer: what a test wants stored, is stored. */
export class PlainIngest {
  private readonly taken = new Map<string, number>();

  constructor(
    private readonly kafka: Kafka,
    private readonly db: ClickHouseClient,
    private readonly writer: TopicWriter,
    private readonly groupId: string,
  ) {}

  /** Takes what is new, or everything that is kept when it is to be taken once more. */
  async take({ rewound = false, drops = (): boolean => false }: TakeOptions = {}): Promise<void> {
    const bounds = await partitionBounds(this.kafka, this.groupId, inputTopics);
    const ranges = bounds.map(({ topic, partition, low, high }) => ({
      topic,
      partition,
      from: rewound ? low : (this.taken.get(`${topic}/${partition}`) ?? low),
      until: high,
    }));
    await readLog(this.kafka, ranges, async ({ topic, partition, messages }) => {
      for (const message of messages)
        if (!drops(topic, message)) await this.takeOne(topic as InputTopic, partition, message, rewound);
    });
    for (const { topic, partition, high } of bounds) this.taken.set(`${topic}/${partition}`, high);
  }

  /** Commits what was taken for the group. kafkajs takes 5 s for each topic. */
  async commit(): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    for (const topic of inputTopics) {
      const partitions = [...this.taken].flatMap(([name, high]) =>
        name.startsWith(`${topic}/`) ? [{ partition: Number(name.slice(topic.length + 1)), offset: String(high) }] : [],
      );
      await admin.setOffsets({ groupId: this.groupId, topic, partitions });
    }
    await admin.disconnect();
  }

  private async takeOne(topic: InputTopic, partition: number, message: LogMessage, late: boolean): Promise<void> {
    const { timestamp, offset, key, value } = message;
    const receivedAt = timestamp + (late ? 60_000 : 0); // a rewound partition's arrival clock has gone on
    const verdict = judgeMessage(topic, message);
    if (!isRefusal(verdict))
      return storeEvents(this.db, topic, [{ event: verdict, receivedAt, partition, offset: BigInt(offset) }] as never);
    const letter = {
      ...verdict,
      sourceTopic: topic,
      sourcePartition: partition,
      sourceOffset: offset,
      sourceTimestamp: timestamp,
      receivedAt,
      key,
      payload: value,
    };
    await this.writer.write(toRecords([letter as unknown as DeadLetter]));
    await storeDeadLetters(this.db, [letter as unknown as DeadLetter]);
  }
}

interface TakeOptions {
  rewound?: boolean;
  drops?: (topic: string, message: LogMessage) => boolean;
}
