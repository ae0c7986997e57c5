import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stand } from '../stand/stand';
import type { ProduceSettings } from './produce';

/** What stands in the topic. */
export interface FilledTopic {
  topic: string;
  partitions: number;
  messages: number;
  /** Counted from the truth; 0 when nobody kept it. */
  events: number;
  deadLetters: number;
}

export interface FillOptions {
  messages: number;
  /** Keep the truth in ClickHouse (database `truth`), to compare with. */
  keepTruth: boolean;
  say: (line: string) => void;
}

export const TOPIC = 'bugchecks';
export const PARTITIONS = 4;
const PRODUCERS = 2;
/** What kafkajs makes of each message lives just long enough to be copied about when the space for the young is small. */
const PRODUCER_OPTIONS = '--max-semi-space-size=64';
const DAY_MS = 86_400_000;
const SAY_EVERY_MS = 5_000;

/** Shares of bad messages and of repeated events. */
export const SHARES = { badShare: 0.001, duplicateShare: 0.01 };
export const SEED = 20_240_719;

/** Creates the input topic of Ringwatch, but uncompressed: every peer reads the same bytes, none pays for gzip. */
export async function createInputTopic(stand: Stand): Promise<void> {
  const admin = stand.kafka.admin();
  await admin.connect();
  const configEntries = [
    { name: 'compression.type', value: 'uncompressed' },
    { name: 'max.message.bytes', value: String(2 * 1024 ** 2) },
    { name: 'retention.ms', value: '-1' },
  ];
  await admin.createTopics({
    waitForLeaders: true,
    topics: [{ topic: TOPIC, numPartitions: PARTITIONS, configEntries }],
  });
  await admin.disconnect();
}

/** Fills the topic with made-up bugchecks of the last 24 hours; two processes make and send them. */
export async function fillTopic(stand: Stand, { messages, keepTruth, say }: FillOptions): Promise<FilledTopic> {
  const messagesPerPartition = Math.ceil(messages / PARTITIONS);
  const total = messagesPerPartition * PARTITIONS;
  await createInputTopic(stand);
  if (keepTruth) await createTruth(stand);
  let sent = 0;
  const note = (line: string) => (sent += Number(/^sent (\d+)$/.exec(line)?.[1] ?? 0));
  const ticking = setInterval(
    () => say(`sent ${Math.round((100 * sent) / total)} % of ${total} messages`),
    SAY_EVERY_MS,
  );
  try {
    const until = Date.now();
    const producers = Array.from({ length: PRODUCERS }, (_, turn) => {
      const settings: ProduceSettings = {
        ...SHARES,
        seed: SEED,
        until,
        spreadMs: DAY_MS,
        partitions: PARTITIONS,
        brokers: stand.platform.kafkaBrokers,
        topic: TOPIC,
        fill: Array.from({ length: PARTITIONS }, (_, partition) => partition).filter(
          (each) => each % PRODUCERS === turn,
        ),
        messagesPerPartition,
        truthUrl: keepTruth ? stand.platform.clickhouseUrl : undefined,
      };
      return stand.runFile(
        { name: `producer-${turn}`, file: join(__dirname, 'produce.ts'), settings, nodeOptions: PRODUCER_OPTIONS },
        note,
      );
    });
    for (const producer of await Promise.all(producers)) {
      const { code } = await producer.exited;
      if (code !== 0) throw new Error(`a producer ended with code ${code}: see ${stand.logFolder}`);
    }
  } finally {
    clearInterval(ticking);
  }
  return { topic: TOPIC, partitions: PARTITIONS, messages: total, ...(keepTruth ? await countTruth(stand) : nothing) };
}

const nothing = { events: 0, deadLetters: 0 };

async function createTruth(stand: Stand): Promise<void> {
  const db = await stand.database('default');
  const text = readFileSync(join(__dirname, 'truth.sql'), 'utf8').replace(/^--.*$/gm, '');
  for (const query of text.split(/;\s*$/m).filter((each) => each.trim() !== '')) await db.command({ query });
  await stand.close(db);
}

async function countTruth(stand: Stand): Promise<Pick<FilledTopic, 'events' | 'deadLetters'>> {
  const db = await stand.database('truth');
  const answer = await db.query({
    query: 'SELECT (SELECT count() FROM bugchecks) AS events, (SELECT count() FROM dead_letters) AS deadLetters',
    format: 'JSONEachRow',
  });
  const [counts] = (await answer.json()) as [{ events: number; deadLetters: number }];
  await stand.close(db);
  return counts;
}
