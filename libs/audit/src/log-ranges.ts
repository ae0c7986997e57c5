import type { Kafka, LogRange } from './log-reader';

/** Where a partition begins and ends, and how far a group has committed it (`low` when it has not). */
export interface PartitionBounds {
  topic: string;
  partition: number;
  low: number;
  high: number;
  committed: number;
}

/** Asks Kafka for the bounds of every partition of these topics. A topic that is not there has none. */
export async function partitionBounds(
  kafka: Kafka,
  groupId: string,
  topics: readonly string[],
): Promise<PartitionBounds[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const known = new Set(await admin.listTopics());
    const bounds: PartitionBounds[] = [];
    for (const topic of topics.filter((each) => known.has(each))) {
      const offsets = await patiently(() => admin.fetchTopicOffsets(topic));
      const [ofGroup] = await patiently(() => admin.fetchOffsets({ groupId, topics: [topic] }));
      const committed = new Map(ofGroup?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
      for (const { partition, low, high } of offsets) {
        const at = Math.max(Number(low), committed.get(partition) ?? -1);
        bounds.push({ topic, partition, low: Number(low), high: Number(high), committed: at });
      }
    }
    return bounds;
  } finally {
    await admin.disconnect();
  }
}

/** From which offset on a partition has records of `since` (ms since 1970 UTC) or later, by their timestamps. */
export async function offsetsSince(kafka: Kafka, topic: string, since: number): Promise<Map<number, number>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await patiently(() => admin.fetchTopicOffsetsByTimestamp(topic, since));
    return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
  } finally {
    await admin.disconnect();
  }
}

const TRIES = 30;

/** A topic or a group that is new has no leader for a moment; kafkajs gives these errors on although it says `retriable`. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === TRIES || !(error as { retriable?: boolean }).retriable) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100 * Math.min(10, attempt)));
    }
  }
}

/** Everything that is kept below what the group has committed. */
export function committedRanges(bounds: readonly PartitionBounds[]): LogRange[] {
  return bounds.map(({ topic, partition, low, committed }) => ({ topic, partition, from: low, until: committed }));
}
