import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Row } from '../act';
import { Lane } from '../lane';
import { type Message, MessageMaker } from '../messages';
import { stateOf } from '../oracle';
import { pointNames } from '../points';
import { TOPIC } from '../stage';
import { notReadyWithin } from './servers';

const zstd: Row = {
  name: 'zstd',
  what: 'a producer that compresses with zstd, which our client cannot read',
  mustSee: ['sent with zstd'],
  skip: () => (spawnSync('kcat', ['-V']).status === 0 ? undefined : 'kcat is not installed'),
  run: async (lane) => {
    const { stage, world } = lane;
    await lane.firstCopy();
    const messages = Array.from({ length: 200 }, () => stage.maker.event());
    stage.expect(messages);
    const input = messages.map(({ key, value }) => `${key}|${value}`).join('\n');
    const args = ['-P', '-b', world.platform.kafkaBrokers.join(), '-t', TOPIC, '-K', '|', '-z', 'zstd'];
    const { status, stderr } = spawnSync('kcat', args, { input, encoding: 'utf8' });
    if (status !== 0) throw new Error(`kcat: ${stderr}`);
    lane.count('sent with zstd', messages.length);
  },
};

const transactions: Row = {
  name: 'transactions',
  what: 'a transactional producer that aborts now and then: what was aborted is not stored, the holes it leaves do no harm',
  mustSee: ['aborted', 'committed in transactions'],
  size: 6,
  run: async (lane, size) => {
    const { stage, world } = lane;
    await lane.firstCopy();
    const producer = world.kafka.producer({ transactionalId: lane.name, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    for (let each = 0; each < size; each++) {
      const messages = Array.from({ length: 20 }, () => stage.maker.event());
      const aborts = each % 3 === 1;
      if (!aborts) stage.expect(messages);
      const transaction = await producer.transaction();
      const partition = lane.random.int(0, stage.partitions - 1);
      await transaction.send({ topic: TOPIC, messages: messages.map(({ key, value }) => ({ key, value, partition })) });
      await (aborts ? transaction.abort() : transaction.commit());
      lane.count(aborts ? 'aborted' : 'committed in transactions', messages.length);
    }
    await producer.disconnect();
    // Ingest commits past the marks of a transaction only with the record behind them.
    for (let partition = 0; partition < stage.partitions; partition++)
      await stage.send([stage.maker.event()], () => partition);
  },
};

const poison: Row = {
  name: 'poison',
  what: 'a partition with nothing but bad messages: ingest stops there and says so, the others go on',
  mustSee: ['not ready', 'said that it stopped', 'left in the topic'],
  quiet: true,
  alone: true,
  endsStuck: true,
  run: async (lane) => {
    const { stage, world } = lane;
    const copy = await lane.firstCopy();
    await copy.untilReady();
    const bad = Array.from({ length: 8_000 }, () => stage.maker.bad());
    for (let at = 0; at < bad.length; at += 1_000) await stage.send(bad.slice(at, at + 1_000), () => 0);
    await notReadyWithin(lane, copy);
    const { body } = await copy.readiness();
    if (!body.includes(`${TOPIC}[0]`)) lane.violations.push(`poison: /readyz does not name the partition: ${body}`);
    await stage.send(
      Array.from({ length: 100 }, () => stage.maker.event()),
      () => lane.random.int(1, stage.partitions - 1),
    );
    const { low, high } = (await world.bounds(TOPIC)).get(0)!;
    const isReadBeside = async () => {
      const committed = await world.committed(lane.name, TOPIC);
      return [...(await world.bounds(TOPIC))].every(
        ([partition, bounds]) => partition === 0 || (committed.get(partition) ?? bounds.low) === bounds.high,
      );
    };
    await lane.until('the other partitions are read', isReadBeside);
    await sleep(1_000);
    const taken = ((await world.committed(lane.name, TOPIC)).get(0) ?? low) - low;
    if (high - low - taken > 5_000) lane.count('left in the topic', high - low - taken);
    if (copy.said.some(({ level, msg }) => level === 'error' && msg.includes('stopped')))
      lane.count('said that it stopped');
    await lane.checkCommitted();
  },
};

const anyOrder: Row = {
  name: 'any-order',
  what: 'every event one to five times, fully shuffled, with kills: the same state as once each in order without a fault',
  mustSee: ['compared with a calm run', 'copies sent'],
  quiet: true,
  alone: true,
  size: 3,
  run: async (lane, kills) => {
    const { stage, world } = lane;
    const make = () => {
      const maker = new MessageMaker(lane.random.fork('same'), `same-${lane.random.seed}`);
      return Array.from({ length: 600 }, (_, at) => (at % 20 === 0 ? maker.bad() : maker.event()));
    };
    const calm = new Lane(stage, lane.random);
    try {
      await calm.firstCopy();
      await sendInPortions(lane, make(), false);
      await calm.quiesce();
      const expected = (await stateOf(calm)).content;
      await calm.close();
      await world.empty(TOPIC);
      await world.empty('dead-letters');
      stage.forgetJournal();
      const events = make();
      const copies = events.flatMap((message) =>
        'row' in message.verdict
          ? Array.from({ length: lane.random.int(1, 5) }, () => stage.maker.again(message))
          : [message],
      );
      lane.count('copies sent', copies.length - events.length);
      const sending = sendInPortions(lane, lane.random.shuffled(copies), true);
      const copy = await lane.firstCopy();
      for (let kill = 0; kill < kills; kill++) await lane.killAt(copy, lane.random.pick(pointNames.slice(0, 3)), 1);
      await sending;
      await lane.quiesce();
      if ((await stateOf(lane)).content !== expected) lane.violations.push('I5: another state than the calm run left');
      lane.count('compared with a calm run');
    } finally {
      if (calm.copies.some(({ pid }) => pid !== undefined)) await calm.close();
    }
  },
};

async function sendInPortions(lane: Lane, messages: Message[], slowly: boolean): Promise<void> {
  for (let at = 0; at < messages.length; at += 60) {
    await lane.stage.send(messages.slice(at, at + 60));
    if (slowly) await sleep(150);
  }
}

const idle: Row = {
  name: 'idle',
  what: 'nothing comes in: ingest stays ready',
  mustSee: ['looked and was ready'],
  quiet: true,
  size: 3,
  run: async (lane, seconds) => {
    const copy = await lane.firstCopy();
    await lane.stage.pauseFeeding();
    await lane.stage.sendSome(50);
    await copy.untilReady();
    await lane.quiesce();
    for (const end = Date.now() + seconds * 1_000; Date.now() < end; await sleep(200)) {
      const { ready, body } = await copy.readiness();
      if (!ready) lane.violations.push(`I12: not ready while idle: ${body}`);
      else lane.count('looked and was ready');
    }
  },
};

export const inputRows: Row[] = [zstd, transactions, poison, anyOrder, idle];
