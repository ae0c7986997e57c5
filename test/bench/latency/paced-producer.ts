import { Kafka, logLevel, type Message } from 'kafkajs';
import { SHARES } from '../events/fill-topic';
import { MadeUpBugchecks } from '../events/made-up-bugchecks';

/** What the process is told (as JSON, its only argument). */
export interface PaceSettings {
  brokers: string[];
  topic: string;
  partitions: number;
  /** Messages a second over all partitions, and for how long. */
  rate: number;
  seconds: number;
}

/** One request every so often; all partitions get the same share of it. */
const TICK_MS = 10;
/** Of a producer that fell behind: its requests stay below what a broker takes. */
const MOST_AT_ONCE = 2_000;
const HOUR_MS = 3_600_000;

/** Says `acked <partition> <first offset> <messages> <ms since 1970>` when the broker has taken some, and `late <ms>` when it fell further behind its pace than before. */
async function send({ brokers, topic, partitions, rate, seconds }: PaceSettings): Promise<void> {
  const kafka = new Kafka({ brokers, clientId: 'bench-producer', logLevel: logLevel.ERROR });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const until = Date.now();
  // Every message is an event of its own, so that rows and messages can be counted against each other.
  const shares = { ...SHARES, badShare: 0, duplicateShare: 0 };
  const sources = Array.from(
    { length: partitions },
    (_, partition) => new MadeUpBugchecks({ ...shares, seed: until, until, spreadMs: HOUR_MS, partitions, partition }),
  );
  const startedAt = performance.now();
  const onTheirWay = new Set<Promise<void>>();
  let sent = 0;
  let late = 0;
  while (sent < rate * seconds) {
    const elapsed = performance.now() - startedAt;
    const due = Math.min(rate * seconds, Math.floor((elapsed / 1000) * rate));
    const lateNow = ((due - sent) / rate) * 1000 - TICK_MS;
    if (lateNow > late) process.stdout.write(`late ${(late = lateNow)}\n`);
    const count = Math.min(due - sent, MOST_AT_ONCE);
    const messages = Array.from({ length: count }, (_, at) => made(sources, (sent + at) % partitions));
    sent += count;
    if (messages.length > 0) {
      const sending = deliver(messages).finally(() => onTheirWay.delete(sending));
      onTheirWay.add(sending);
    }
    await new Promise((next) => setTimeout(next, sent < due ? 0 : TICK_MS));
  }
  await Promise.all(onTheirWay);
  await producer.disconnect();

  async function deliver(messages: Message[]): Promise<void> {
    const perPartition = new Map<number, number>();
    for (const { partition = 0 } of messages) perPartition.set(partition, (perPartition.get(partition) ?? 0) + 1);
    const answers = await producer.send({ topic, messages, acks: 1 });
    const at = performance.timeOrigin + performance.now();
    for (const { partition, baseOffset } of answers) {
      process.stdout.write(`acked ${partition} ${baseOffset} ${perPartition.get(partition)} ${at}\n`);
    }
  }
}

function made(sources: readonly MadeUpBugchecks[], partition: number): Message {
  const { key, value } = (sources[partition] as MadeUpBugchecks).next();
  return { key, value, partition };
}

if (process.argv[3]) void send(JSON.parse(process.argv[3]) as PaceSettings);
