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
  /** How many messages are gone for good. 0 when the topic was made anew or its log cut: nobody knows what it held. */
  lost: number;
}

/** Where a partition starts and ends, and where its group goes on: below 0 when it has committed nothing. */
export interface Span extends Omit<Gap, 'lost'> {
  /** The id of the topic that the commit speaks of; undefined when it does not say. */
  topicId: string | undefined;
}

/** The gap before what will be read next, if there is one. `isAnew`: offsets of before mean other messages now. */
export function gapOf({ topic, partition, committed, low, high }: Omit<Gap, 'lost'>, isAnew: boolean): Gap | undefined {
  if (committed < 0 || (committed >= low && committed <= high && !isAnew)) return undefined;
  return { topic, partition, committed, low, high, lost: isAnew ? 0 : Math.max(0, low - committed) };
}

const TOPIC_ID = 'topic-id=';

/** What a commit says besides the offset, so that whoever goes on from it can tell whether the topic is still the same. */
export function commitMetadata(topicId: string | undefined): string | null {
  return topicId === undefined ? null : TOPIC_ID + topicId;
}

function topicIdOf(metadata: string | null): string | undefined {
  return metadata?.startsWith(TOPIC_ID) ? metadata.slice(TOPIC_ID.length) : undefined;
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
    return partitions.flatMap(({ partition, offset, metadata }) => {
      const end = ends.get(partition);
      if (!end || !assignment[topic]?.includes(partition)) return [];
      const range = { committed: Number(offset), low: Number(end.low), high: Number(end.high) };
      return [{ topic, partition, ...range, topicId: topicIdOf(metadata) }];
    });
  });
  return (await Promise.all(spans)).flat();
}
