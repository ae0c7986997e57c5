import { setTimeout as sleep } from 'node:timers/promises';
import { type Row, storedBefore } from '../act';
import type { Lane } from '../lane';
import { stateOf } from '../oracle';
import { TOPIC } from '../stage';

const zombie: Row = {
  name: 'zombie',
  what: 'SIGSTOP of ingest with an insert on its way, past its session; another copy takes over; then insert and process go on',
  mustSee: ['taken over', 'late inserts of a zombie'],
  run: async (lane) => {
    const sleeper = await lane.firstCopy();
    const other = lane.copies[1] ?? (await lane.addCopy());
    await Promise.all([sleeper.untilReady(), other.untilReady()]);
    let letGo = () => undefined as void;
    const released = new Promise<void>((go) => (letGo = go));
    await lane.within(
      sleeper.at('parsed', 2, async () => {
        sleeper.pause();
        await released;
        return 'pass';
      }),
      30_000,
      'the first copy got no work',
    );
    const stoppedAt = Date.now();
    try {
      const taken = new Set<number>();
      while (taken.size < lane.stage.partitions) {
        const moment = await lane.within(
          other.at('committed', 1, async () => 'pass'),
          30_000,
          'the other copy did not take over',
        );
        for (const { topic, partition } of moment.commit?.offsets ?? []) if (topic === TOPIC) taken.add(partition);
      }
      lane.count('taken over');
      lane.count('ms until taken over', Date.now() - stoppedAt);
    } finally {
      const answered = lane.counters.get('inserts answered') ?? 0;
      letGo();
      await lane.until('the late insert is in', () => (lane.counters.get('inserts answered') ?? 0) > answered);
      lane.count('late inserts of a zombie');
      sleeper.resume();
    }
    await sleeper.untilReady();
    await lane.within(
      Promise.race([sleeper, other].map((copy) => copy.at('committed', 3, async () => 'pass'))),
      30_000,
      'nothing went on',
    );
  },
};

const storm: Row = {
  name: 'rebalance-storm',
  what: 'copies of ingest join and leave again and again',
  mustSee: ['joined', 'left', 'committed in the storm'],
  size: 6,
  run: async (lane, changes) => {
    while (lane.copies.length < 3) await lane.addCopy();
    const before = lane.counters.get('inserts answered') ?? 0;
    for (let change = 0; change < changes; change++) {
      const copy = lane.random.pick(lane.copies);
      await sleep(lane.random.int(300, 1_200));
      if (copy.pid === undefined) {
        await copy.start();
        lane.count('joined');
      } else if (lane.copies.filter(({ pid }) => pid !== undefined).length > 1) {
        await (lane.random.chance(0.5) ? copy.stop() : copy.kill().then(() => (lane.kills += 1)));
        lane.count('left');
      } else change -= 1;
    }
    for (const copy of lane.copies) if (copy.pid === undefined) await copy.start().then(() => lane.count('joined'));
    if ((lane.counters.get('inserts answered') ?? 0) > before) lane.count('committed in the storm');
  },
};

/** I14: all of the log is read once more, and nothing changes: no row, no arrival time, no dead letter. */
async function readAgain(lane: Lane, setBack: () => Promise<unknown>): Promise<void> {
  const copy = await lane.firstCopy();
  await lane.stage.pauseFeeding();
  await lane.stage.sendSome(200);
  await lane.quiesce();
  const before = await stateOf(lane);
  for (const each of lane.copies) await each.stop();
  await setBack();
  lane.forgetCommits();
  if ((await lane.lag()) > 100) lane.count('read again');
  await copy.start();
  await lane.quiesce();
  const after = await stateOf(lane);
  if (after.whole !== before.whole) lane.violations.push('I14: reading the log again changed the tables');
}

const rewound: Row = {
  name: 'group-rewound',
  what: "the group's offsets set back to the beginning",
  mustSee: ['read again'],
  quiet: true,
  run: (lane) =>
    readAgain(lane, () => lane.world.admin.resetOffsets({ groupId: lane.name, topic: TOPIC, earliest: true })),
};

const groupDeleted: Row = {
  name: 'group-deleted',
  what: 'the consumer group and all that it committed deleted',
  mustSee: ['read again'],
  quiet: true,
  run: (lane) => readAgain(lane, () => lane.world.admin.deleteGroups([lane.name])),
};

const retention: Row = {
  name: 'retention',
  what: 'Kafka deletes records that were not read yet; the survivors are stored',
  mustSee: ['records lost to retention'],
  quiet: true,
  alone: true,
  run: async (lane) => {
    const { stage, world } = lane;
    const copy = await lane.firstCopy();
    await stage.sendSome(200);
    await lane.quiesce();
    const committed = await world.committed(lane.name, TOPIC);
    storedBefore.set(lane, stage.forgetJournal());
    await copy.stop();
    await stage.sendSome(300);
    const cut = [...(await world.bounds(TOPIC))].map(([partition, { high }]) => {
      const from = committed.get(partition) ?? 0;
      return { partition, from, to: Math.floor((from + high) / 2) };
    });
    await world.admin.deleteTopicRecords({
      topic: TOPIC,
      partitions: cut.map(({ partition, to }) => ({ partition, offset: String(to) })),
    });
    lane.count(
      'records lost to retention',
      cut.reduce((sum, { from, to }) => sum + to - from, 0),
    );
    for (const { partition, to } of cut)
      for (const offset of [...(stage.acked.get(partition)?.keys() ?? [])])
        if (offset < to) stage.acked.get(partition)!.delete(offset);
    await copy.start();
    await lane.quiesce();
    const loud = copy.said.filter(({ level, msg }) => level !== 'info' && /gap|lost|retention|missing/i.test(msg));
    if (loud.length > 0) lane.count('ingest said that records are lost');
  },
};

const partitionsAdded: Row = {
  name: 'partitions-added',
  what: 'two partitions more under load',
  mustSee: ['ms until the new partitions were read'],
  run: async (lane) => {
    const { stage, world } = lane;
    await (await lane.firstCopy()).untilReady();
    const [before, count] = [stage.partitions, stage.partitions + 2];
    await world.admin.createPartitions({ topicPartitions: [{ topic: TOPIC, count }] });
    const addedAt = Date.now();
    await lane.until('the producer knows them', async () => (await world.bounds(TOPIC)).size === count);
    stage.partitions = count;
    const isRead = async () =>
      [...(await world.committed(lane.name, TOPIC)).keys()].filter((partition) => partition >= before).length === 2;
    await lane.until('both are read', isRead, 30_000);
    lane.count('ms until the new partitions were read', Date.now() - addedAt);
  },
};

const topicRecreated: Row = {
  name: 'topic-recreated',
  what: 'the topic deleted and made anew while ingest reads it: offsets start at 0 again',
  mustSee: ['stored from the new topic'],
  quiet: true,
  alone: true,
  run: (lane) => recreateWhile(lane, (recreate) => recreate()),
};

const topicRecreatedUnseen: Row = {
  name: 'topic-recreated-unseen',
  what: 'the same while ingest sleeps: it wakes with offsets that mean other messages now',
  mustSee: ['stored from the new topic', 'ingest said that the topic is another one'],
  quiet: true,
  alone: true,
  run: async (lane) => {
    const copy = await lane.firstCopy();
    await recreateWhile(lane, async (recreate) => {
      copy.pause();
      try {
        await recreate();
      } finally {
        copy.resume();
      }
    });
    if (copy.said.some(({ msg }) => msg.startsWith('topic begins anew')))
      lane.count('ingest said that the topic is another one');
  },
};

/** Stores some, has the topic made anew with more messages than it had, and goes on. */
async function recreateWhile(lane: Lane, during: (recreate: () => Promise<void>) => Promise<void>): Promise<void> {
  const { stage, world } = lane;
  await (await lane.firstCopy()).untilReady();
  await stage.sendSome(120);
  await lane.quiesce();
  storedBefore.set(lane, stage.forgetJournal());
  await during(async () => {
    await world.recreate([TOPIC]);
    stage.partitions = (await world.bounds(TOPIC)).size;
    lane.forgetCommits();
    await stage.sendSome(600);
  });
  stage.feed();
  await sleep(2_000);
  await stage.pauseFeeding();
  await lane.quiesce();
  lane.count('stored from the new topic');
}

export const groupRows: Row[] = [
  zombie,
  storm,
  rewound,
  groupDeleted,
  retention,
  partitionsAdded,
  topicRecreated,
  topicRecreatedUnseen,
];
