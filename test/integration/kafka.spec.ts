import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage, MessageBatch } from '@ringwatch/kafka';
import { type KafkaServer, startKafka } from '../support/platform';
import { Admin, CompressionTypes, Kafka, KafkaMessage, Producer, logLevel } from 'kafkajs';
import { BatchReader } from '../support/batch-reader';
import { until } from '../support/ingest-process';

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}-${at}`);

type Committed = [Awaited<ReturnType<Admin['fetchOffsets']>>[number]];

describe('reading batches', () => {
  let broker: KafkaServer;
  let folder: string;
  let kafka: Kafka;
  let admin: Admin;
  let producer: Producer;
  let readers: BatchReader[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringwatch-kafka-'));
    broker = await startKafka({ folder });
    kafka = new Kafka({ brokers: broker.brokers, clientId: 'world', logLevel: logLevel.NOTHING });
    admin = kafka.admin();
    producer = kafka.producer({ allowAutoTopicCreation: false });
    await Promise.all([admin.connect(), producer.connect()]);
  });
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    readers = [];
  });
  afterAll(async () => {
    await Promise.allSettled([admin?.disconnect(), producer?.disconnect()]);
    await broker?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const create = (topic: string, numPartitions: number, config: Record<string, string> = {}) =>
    admin.createTopics({
      waitForLeaders: true,
      topics: [
        { topic, numPartitions, configEntries: Object.entries(config).map(([name, value]) => ({ name, value })) },
      ],
    });
  const send = (topic: string, partition: number, values: string[], compression = CompressionTypes.None) =>
    producer.send({ topic, compression, messages: values.map((value) => ({ partition, value })) });
  const read = async (topic: string, ...more: [store?: (batch: MessageBatch) => Promise<void>, options?: object]) => {
    const reader = new BatchReader(broker.brokers, topic, ...more);
    readers.push(reader);
    return reader.start();
  };
  /** As retention would do it, and at once. kafkajs has to have heard of the topic. */
  const forget = async (topic: string, before: number) => {
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(before) }] });
  };
  const commitAs = async (groupId: string, topic: string, partitions: Committed[0]['partitions']) => {
    const consumer = kafka.consumer({ groupId });
    await consumer.connect();
    await consumer.subscribe({ topics: [topic] });
    const joined = new Promise((done) => consumer.on(consumer.events.GROUP_JOIN, done));
    await consumer.run({ autoCommit: false, eachMessage: async () => undefined });
    await joined;
    await consumer.commitOffsets(partitions.map((each) => ({ topic, ...each })));
    await consumer.disconnect();
  };
  const committed = async (topic: string) => {
    const [found] = await admin.fetchOffsets({ groupId: `readers-of-${topic}`, topics: [topic] });
    return [...found!.partitions].sort((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));
  };

  it('reads ahead of what is being stored, and commits in order', async () => {
    await create('ahead', 1);
    const ends: Array<() => void> = [];
    const firsts: number[] = [];
    const reader = await read('ahead', (batch) => {
      firsts.push(batch.messages[0]!.offset);
      return new Promise((done) => ends.push(done));
    });
    await send('ahead', 0, numbered('a', 10));
    await until('the first batch', () => firsts.length === 1);
    await send('ahead', 0, numbered('b', 10));
    await until('the second batch', () => firsts.length === 2);
    await send('ahead', 0, numbered('c', 10));
    await sleep(500);
    expect(firsts).toEqual([0, 10]);
    ends[1]!();
    await sleep(300);
    expect(await committed('ahead')).toEqual([-1]);
    ends[0]!();
    await until('the third batch', () => firsts.length === 3);
    await until('a commit', async () => (await committed('ahead'))[0] === 20);
    ends[2]!();
    await until('all stored', () => reader.messages.length === 30);
    await until('the last commit', async () => (await committed('ahead'))[0] === 30);
    expect(reader.slow).toEqual([]);
  });

  it('reads a failed batch again before anything behind it, while another partition goes on', async () => {
    await create('failing', 2);
    let isBroken = true;
    const currents: Array<() => boolean> = [];
    const reader = await read('failing', async (batch) => {
      if (batch.partition === 1) return;
      currents.push(batch.isCurrent);
      if (isBroken && currents.length === 1) await until('a second batch', () => currents.length === 2);
      else await sleep(500);
      if (isBroken) throw new Error('no store');
    });
    await send('failing', 0, numbered('a', 10));
    await until('the first batch', () => currents.length === 1);
    await send('failing', 0, numbered('b', 10));
    await until('a failure', () => reader.told.retries.length > 0);
    expect(currents.slice(0, 2).map((isCurrent) => isCurrent())).toEqual([false, false]);
    await send('failing', 1, numbered('x', 10));
    await until('the other partition', () => reader.valuesOf(1).length === 10);
    await until('its commit', async () => (await committed('failing'))[1] === 10);
    expect(await committed('failing')).toEqual([-1, 10]);
    isBroken = false;
    await until('all stored', () => reader.valuesOf(0).length >= 20);
    expect(reader.valuesOf(0)).toEqual([...numbered('a', 10), ...numbered('b', 10)]);
    await until('all committed', async () => (await committed('failing'))[0] === 20);
  });

  it('gives partitions to a second member, after what is in work is stored, and stores nothing twice', async () => {
    await create('shared', 4);
    let stored = 0;
    const slowly = async ({ messages }: MessageBatch) => {
      await sleep(300);
      stored += messages.length;
    };
    const one = await read('shared', slowly);
    for (let partition = 0; partition < 4; partition++) await send('shared', partition, numbered(`p${partition}`, 50));
    await until('a first batch', () => one.messages.length > 0);
    // Something is in work at any time while the other one joins.
    const joining = read('shared', slowly);
    let sent = 50;
    for (; one.told.assigned.length < 2; sent++)
      for (let partition = 0; partition < 4; partition++) await send('shared', partition, [`p${partition}-${sent}`]);
    const other = await joining;
    await until('all committed', async () => (await committed('shared')).every((offset) => offset === sent), 60_000);
    const all = [...one.messages, ...other.messages].map(({ value }) => value);
    expect(new Set(all).size).toBe(sent * 4);
    expect([all.length, stored]).toEqual([sent * 4, sent * 4]);
  });

  describe('when messages went away before they were read', () => {
    it('tells of the gap once, and reads what is left', async () => {
      await create('short-lived', 2);
      await send('short-lived', 0, numbered('a', 10));
      const before = await read('short-lived');
      await until('a commit', async () => (await committed('short-lived'))[0] === 10);
      await before.stop();
      await send('short-lived', 0, numbered('b', 10));
      await forget('short-lived', 15);

      const after = await read('short-lived');
      await until('what is left', () => after.messages.length === 5);
      const gap = { topic: 'short-lived', partition: 0, committed: 10, low: 15, high: 20, lost: 5 };
      expect(after.told.gaps).toEqual([gap]);
      expect(after.valuesOf(0)).toEqual(numbered('b', 10).slice(5));
      await until('a commit', async () => (await committed('short-lived'))[0] === 20);
      await after.stop();
      const later = await read('short-lived');
      await send('short-lived', 0, ['c']);
      await until('what is new', () => later.messages.length === 1);
      expect(later.told.gaps).toEqual([]);
    });

    it('tells it once although nothing is left', async () => {
      await create('gone', 1);
      await send('gone', 0, numbered('a', 5));
      await (await read('gone')).stop();
      const before = await read('gone');
      await until('a commit', async () => (await committed('gone'))[0] === 5);
      await before.stop();
      await send('gone', 0, numbered('b', 5));
      await forget('gone', 10);
      const after = await read('gone');
      await until('a gap', () => after.told.gaps.length === 1);
      await until('a commit', async () => (await committed('gone'))[0] === 10);
      await after.stop();
      const later = await read('gone');
      await send('gone', 0, ['c']);
      await until('what is new', () => later.messages.length === 1);
      expect(later.told.gaps).toEqual([]);
    });

    it('tells of a gap that opens while it reads', async () => {
      await create('overtaken', 1);
      await send('overtaken', 0, numbered('a', 10));
      let isBroken = true;
      const reader = await read('overtaken', async () => {
        if (isBroken) throw new Error('no store');
      });
      await until('a failure', () => reader.told.retries.length > 2);
      await forget('overtaken', 4);
      isBroken = false;
      await until('what is left', () => reader.messages.length === 6);
      expect(reader.told.gaps).toEqual([{ topic: 'overtaken', partition: 0, committed: 0, low: 4, high: 10, lost: 4 }]);
    });

    it('reads a topic from its beginning that was made anew', async () => {
      await create('anew', 1);
      await send('anew', 0, numbered('a', 10));
      const reader = await read('anew');
      await until('a commit', async () => (await committed('anew'))[0] === 10);
      await admin.deleteTopics({ topics: ['anew'] });
      await sleep(500);
      await create('anew', 1);
      await send('anew', 0, numbered('b', 3));
      await until('the new messages', () => reader.messages.length >= 13, 60_000);
      expect(reader.valuesOf(0)).toEqual([...numbered('a', 10), ...numbered('b', 3)]);
      expect(reader.told.gaps).toEqual([
        { topic: 'anew', partition: 0, committed: 10, low: 0, high: expect.any(Number), lost: 0 },
      ]);
    });

    it('reads it from its beginning also when it did not look while the old one went and the new one grew', async () => {
      await create('longer', 1);
      let release = () => undefined as void;
      const released = new Promise<void>((done) => (release = done));
      const begun: string[] = [];
      const reader = await read('longer', ({ messages }) => {
        begun.push(String(messages[0]!.value));
        return begun.at(-1)!.startsWith('held') ? released : Promise.resolve();
      });
      await send('longer', 0, numbered('a', 10));
      await until('a commit', async () => (await committed('longer'))[0] === 10);
      for (const held of ['held-1', 'held-2']) {
        await send('longer', 0, [held]);
        await until('the batch in work', () => begun.includes(held));
      }
      await sleep(500); // then nothing is fetched any more
      await admin.deleteTopics({ topics: ['longer'] });
      await until('it is gone', async () => !(await admin.listTopics()).includes('longer'));
      await create('longer', 1);
      await send('longer', 0, numbered('b', 30));
      release();
      await until('all of the new one', () => numbered('b', 30).every((each) => reader.valuesOf(0).includes(each)));
      await until('a commit', async () => (await committed('longer'))[0] === 30);
      expect(reader.told.gaps).toEqual([
        { topic: 'longer', partition: 0, committed: expect.any(Number), low: 0, high: 30, lost: 0 },
      ]);
    });

    it('does not go on from a commit that speaks of an earlier topic of the name', async () => {
      await create('renewed', 1);
      await send('renewed', 0, numbered('a', 10));
      const before = await read('renewed');
      await until('a commit', async () => (await committed('renewed'))[0] === 10);
      await before.stop();
      const [{ partitions }] = (await admin.fetchOffsets({
        groupId: 'readers-of-renewed',
        topics: ['renewed'],
      })) as Committed;
      await admin.deleteTopics({ topics: ['renewed'] });
      await until('it is gone', async () => !(await admin.listTopics()).includes('renewed'));
      await create('renewed', 1);
      await send('renewed', 0, numbered('b', 30));
      // Kafka forgets the commits of a topic that is deleted; one that was on its way comes later.
      await commitAs('readers-of-renewed', 'renewed', partitions);
      const after = await read('renewed');
      await until('all of it', () => after.messages.length === 30);
      expect(after.valuesOf(0)).toEqual(numbered('b', 30));
      expect(after.told.gaps).toEqual([{ topic: 'renewed', partition: 0, committed: 10, low: 0, high: 30, lost: 0 }]);
    });
  });

  it('sees new partitions within 20 s', async () => {
    await create('growing', 1);
    const reader = await read('growing');
    await until('an assignment', () => reader.told.assigned.length > 0);
    await admin.createPartitions({ topicPartitions: [{ topic: 'growing', count: 3 }] });
    await sleep(500);
    await send('growing', 2, ['first']);
    await until('the new partition', () => reader.valuesOf(2).length === 1, 20_000);
    expect(reader.valuesOf(2)).toEqual(['first']);
  });

  it('hands over no message of a transaction that was taken back, also of two at once', async () => {
    await create('transacted', 1);
    const begin = async (transactionalId: string) => {
      const own = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
      await own.connect();
      return { own, transaction: await own.transaction() };
    };
    const [one, two, three] = [await begin('one'), await begin('two'), await begin('three')];
    const say = (by: typeof one, value: string, key?: Buffer) =>
      by.transaction.send({ topic: 'transacted', messages: [{ partition: 0, value, key }] });
    await say(one, 'back 1');
    await say(two, 'back 2');
    await say(three, 'kept 1', Buffer.alloc(4));
    await say(one, 'back 3', Buffer.alloc(4));
    await say(one, 'back 4');
    await one.transaction.abort();
    await say(two, 'back 5');
    await three.transaction.commit();
    await two.transaction.abort();
    await send('transacted', 0, ['kept 2']);
    const reader = await read('transacted');
    await until('what is kept', () => reader.messages.length >= 2);
    // Seven messages and the marks of three transactions.
    await until('all committed', async () => (await committed('transacted'))[0] === 10);
    expect(reader.valuesOf(0)).toEqual(['kept 1', 'kept 2']);
    await Promise.all([one, two, three].map(({ own }) => own.disconnect()));
  });

  it.each(['snappy', 'lz4', 'zstd'])('ends loudly on a batch that is packed with %s', async (codec) => {
    await create(`packed-${codec}`, 1, { 'compression.type': codec });
    await send(`packed-${codec}`, 0, numbered('a', 100));
    const reader = await read(`packed-${codec}`);
    await until('a crash', () => reader.told.crashes.length > 0);
    expect(reader.told.crashes[0]).toMatch(`packed with ${codec}`);
    expect(reader.messages).toEqual([]);
  });

  it.each<{ topic: string; config: Record<string, string>; compression: CompressionTypes }>([
    { topic: 'plain', config: {}, compression: CompressionTypes.None },
    { topic: 'gzip', config: { 'compression.type': 'gzip' }, compression: CompressionTypes.GZIP },
    { topic: 'append-time', config: { 'message.timestamp.type': 'LogAppendTime' }, compression: CompressionTypes.None },
  ])('reads what kafkajs reads: $topic', async ({ topic, config, compression }) => {
    await create(topic, 1, config);
    const base = Date.now();
    for (let batch = 0; batch < 20; batch++) {
      const messages = Array.from({ length: 1 + batch * 7 }, (_, at) => ({
        key: at % 5 === 0 ? null : 'k'.repeat(at * 3),
        value: at % 7 === 0 ? null : Buffer.alloc((at * 37) % 3_000, at),
        timestamp: String(base + ((at * 7_919) % 60_000) - 30_000 - (at % 11 === 0 ? 300_000_000 : 0)),
        ...(at % 3 === 0 ? { headers: { one: 'x'.repeat(at), two: ['a', 'b'] } } : {}),
      }));
      await producer.send({ topic, compression, messages });
    }
    const high = (await admin.fetchTopicOffsets(topic))[0]!.high;
    const own: IncomingMessage[] = [];
    await read(topic, async (batch) => void own.push(...batch.messages));
    const theirs = await readWithKafkaJs(kafka, topic, Number(high));
    await until('all read', () => own.length === Number(high));
    expect(own.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value }))).toEqual(
      theirs.map(({ offset, timestamp, key, value }) => ({
        offset: Number(offset),
        timestamp: Number(timestamp),
        key,
        value,
      })),
    );
  });
});

/** What kafkajs itself reads, in the same process: it must not notice that ours reads otherwise. */
async function readWithKafkaJs(kafka: Kafka, topic: string, count: number): Promise<KafkaMessage[]> {
  const consumer = kafka.consumer({ groupId: `kafkajs-of-${topic}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const messages: KafkaMessage[] = [];
  await consumer.run({ eachMessage: async ({ message }) => void messages.push(message) });
  await until('all read by kafkajs', () => messages.length === count);
  await consumer.disconnect();
  return messages;
}
