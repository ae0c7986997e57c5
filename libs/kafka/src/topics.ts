import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';

/** One topic as we create it. */
export interface TopicSpec {
  topic: string;
  partitions: number;
  config: Record<string, string>;
}

/** A message of 1 MiB with its key, headers and framing. */
const MESSAGE_LIMIT = 1024 * 1024 + 16 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What holds for the inputs: the broker recompresses to gzip (one zstd batch would stop kafkajs for good), takes messages
 * of up to 1 MiB, keeps them a week, and refuses record timestamps of more than a minute ahead: they are our arrival clock.
 */
const input = {
  'compression.type': 'gzip',
  'max.message.bytes': String(MESSAGE_LIMIT),
  'retention.ms': String(7 * DAY_MS),
  'message.timestamp.after.max.ms': '60000',
};

/** Every topic of the system. Dead letters take a little more than an input message: its bytes and the headers. */
export const topics: readonly TopicSpec[] = [
  { topic: 'bugchecks', partitions: 4, config: input },
  { topic: 'updates', partitions: 1, config: input },
  { topic: 'installs', partitions: 4, config: input },
  { topic: 'heartbeats', partitions: 4, config: input },
  {
    topic: 'dead-letters',
    partitions: 1,
    config: {
      'compression.type': 'gzip',
      'max.message.bytes': String(MESSAGE_LIMIT + 64 * 1024),
      'retention.ms': String(14 * DAY_MS),
    },
  },
  {
    topic: 'incidents',
    partitions: 1,
    config: {
      'compression.type': 'gzip',
      'max.message.bytes': String(MESSAGE_LIMIT),
      'retention.ms': String(90 * DAY_MS),
    },
  },
  // What the notifier is asked to do: send again, speak again to a receiver, tell of one that cannot be told.
  {
    topic: 'notifier-requests',
    partitions: 1,
    config: {
      'compression.type': 'gzip',
      'max.message.bytes': String(MESSAGE_LIMIT),
      'retention.ms': String(DAY_MS),
    },
  },
  // What people do with incidents is an input too: its timestamps are an arrival clock.
  { topic: 'incident-actions', partitions: 1, config: { ...input, 'retention.ms': String(90 * DAY_MS) } },
];

/** Creates the topics that are missing; topics that exist are left as they are. Safe to run from several services at once. */
export async function createTopics(kafka: Kafka, wanted: readonly TopicSpec[] = topics): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = wanted.filter(({ topic }) => !existing.has(topic));
    if (missing.length === 0) return;
    await admin.createTopics({
      waitForLeaders: false,
      topics: missing.map(({ topic, partitions, config }) => ({
        topic,
        numPartitions: partitions,
        configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
      })),
    });
    await untilLed(admin, new Set(missing.map(({ topic }) => topic)));
  } finally {
    await admin.disconnect();
  }
}

const LOOK_AGAIN_MS = 100;
const LED_WITHIN_MS = 30_000;

/**
 * Waits until each partition has a leader. kafkajs can do that, but takes a broker that has not heard of a new topic yet, as a
 * busy one has not for a moment, for an error.
 */
async function untilLed(admin: Admin, made: ReadonlySet<string>): Promise<void> {
  for (const end = Date.now() + LED_WITHIN_MS; ; await sleep(LOOK_AGAIN_MS)) {
    const { topics: all } = await admin.fetchTopicMetadata().catch((error: unknown) => {
      if (Date.now() > end) throw error;
      return { topics: [] };
    });
    const led = all.filter(({ name, partitions }) => made.has(name) && partitions.every(({ leader }) => leader >= 0));
    if (led.length === made.size) return;
    if (Date.now() > end) throw new Error(`not every topic of ${[...made].join(', ')} has leaders yet`);
  }
}
