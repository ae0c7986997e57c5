import type { Admin } from 'kafkajs';

/** Messages that were not read and cannot be read any more, or a topic that begins anew. */
export interface Gap {
  topic: string;
  partition: number;
  /** The offset that would have been read next. */
  committed: number;
  /** The oldest offset that is left, where reading goes on. */
  low: number;
  /** The offset after the last message. */
  high: number;
  /**
   * How many messages are gone for good. 0 when `committed` lies beyond `high`: the topic was made anew or its log cut, and
   * nobody knows what it held behind `committed`.
   */
  lost: number;
}

/** Where a partition starts and ends, and where its group goes on: below 0 when it has committed nothing. */
export type Span = Omit<Gap, 'lost'>;

/** The gap before what will be read next, if there is one. */
export function gapOf(span: Span): Gap | undefined {
  const { committed, low, high } = span;
  if (committed < 0 || (committed >= low && committed <= high)) return undefined;
  return { ...span, lost: Math.max(0, low - committed) };
}

/** Asks Kafka where the partitions of an assignment start and end, and what the group has committed. */
export async function readSpans(
  admin: Admin,
  groupId: string,
  assignment: Readonly<Record<string, number[]>>,
): Promise<Span[]> {
  const topics = Object.keys(assignment);
  if (topics.length === 0) return [];
  const committed = await admin.fetchOffsets({ groupId, topics });
  const spans = committed.map(async ({ topic, partitions }) => {
    const ends = new Map((await admin.fetchTopicOffsets(topic)).map((each) => [each.partition, each]));
    return partitions.flatMap(({ partition, offset }) => {
      const end = ends.get(partition);
      if (!end || !assignment[topic]?.includes(partition)) return [];
      return [{ topic, partition, committed: Number(offset), low: Number(end.low), high: Number(end.high) }];
    });
  });
  return (await Promise.all(spans)).flat();
}
