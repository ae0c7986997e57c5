import type { Admin, Kafka } from 'kafkajs';

/** Where each partition of a topic ends: the offset that the next record will get. */
export type TopicEnds = Map<number, bigint>;

/** Asks Kafka where topics end. */
export class TopicEndReader {
  private readonly admin: Admin;

  constructor(kafka: Kafka) {
    this.admin = kafka.admin();
  }

  connect(): Promise<void> {
    return this.admin.connect();
  }

  async endsOf(topic: string): Promise<TopicEnds> {
    const offsets = await this.admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, high }) => [partition, BigInt(high)]));
  }

  /** The offset each partition goes on from for this group: the committed one, else the oldest that is kept. */
  async positionsOf(groupId: string, topic: string): Promise<TopicEnds> {
    const [[committed], offsets] = await Promise.all([
      this.admin.fetchOffsets({ groupId, topics: [topic] }),
      this.admin.fetchTopicOffsets(topic),
    ]);
    const low = new Map(offsets.map((each) => [each.partition, BigInt(each.low)]));
    const positions = new Map(low);
    for (const { partition, offset } of committed?.partitions ?? []) {
      const at = BigInt(offset);
      if (at > (low.get(partition) ?? 0n)) positions.set(partition, at);
    }
    return positions;
  }

  disconnect(): Promise<void> {
    return this.admin.disconnect();
  }
}
