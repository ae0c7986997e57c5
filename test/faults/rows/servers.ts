import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../act';
import type { IngestCopy } from '../ingest-copy';
import type { Lane } from '../lane';
import { TOPIC } from '../stage';

/** From "no progress while there is work" to "not ready", at most. */
const NOT_READY_WITHIN_MS = 15_000;

const clickhouseKilled: Row = {
  name: 'clickhouse-killed',
  what: 'kill -9 of ClickHouse while an insert of rows is at work',
  mustSee: ['inserts cut off'],
  size: 4,
  alone: true,
  run: async (lane, kills) => {
    const copy = await lane.firstCopy();
    for (let kill = 0; kill < kills; kill++) {
      const before = copy.clickhouse.unknownOutcomes;
      await lane.within(
        copy.at('raw-sent', lane.random.int(1, 3), async () => {
          copy.clickhouseLink.trouble = { hold: true }; // no second try before the tables were looked at
          await sleep(lane.random.int(0, 12));
          await lane.world.platform.clickhouse.kill();
          return 'pass';
        }),
        30_000,
        'no insert came',
      );
      await lane.until('ClickHouse is dead', () => lane.world.platform.clickhouse.pid === undefined);
      lane.kills += 1;
      await lane.world.platform.clickhouse.start();
      if (copy.clickhouse.unknownOutcomes > before) lane.count('inserts cut off');
      await lookForTornBlocks(lane);
      copy.clickhouseLink.trouble = {};
      await flowing(lane, copy);
    }
  },
};

/** A block with rows of three months is three parts: some there and some not, before it is sent again, is a torn one. */
async function lookForTornBlocks(lane: Lane): Promise<void> {
  const committed = await lane.world.committed(lane.name, TOPIC);
  const months = await lane.world.ask<{ partition: number; offset: string }>(
    lane.name,
    'SELECT source_partition AS partition, max(source_offset) AS offset FROM bugchecks GROUP BY partition, toYYYYMM(occurred_at)',
  );
  const isTorn = [...committed].some(([partition, next]) => {
    const ends = months.filter((each) => each.partition === partition).map(({ offset }) => Number(offset) >= next);
    return ends.includes(true) && ends.includes(false);
  });
  if (isTorn) lane.count('torn blocks seen');
}

const clickhouseStopped: Row = {
  name: 'clickhouse-stopped',
  what: 'SIGSTOP of ClickHouse in an insert, beyond its time limit: outcome unknown; ingest says that it is not ready',
  mustSee: ['inserts of unknown outcome', 'not ready'],
  alone: true,
  run: async (lane) => {
    const copy = await lane.firstCopy();
    await copy.untilReady();
    const { pid } = lane.world.platform.clickhouse;
    const before = copy.clickhouse.unknownOutcomes;
    await lane.within(
      copy.at('raw-sent', 2, async () => {
        process.kill(pid!, 'SIGSTOP');
        return 'pass';
      }),
      30_000,
      'no insert came',
    );
    try {
      await notReadyWithin(lane, copy);
      await lane.until('the insert was given up', () => copy.clickhouse.unknownOutcomes > before, NOT_READY_WITHIN_MS);
      lane.count('inserts of unknown outcome');
    } finally {
      process.kill(pid!, 'SIGCONT');
    }
    await copy.untilReady();
    await flowing(lane, copy);
  },
};

/** I12: while there is work and no progress, /readyz says no, within 15 s from when it stopped. */
export async function notReadyWithin(lane: Lane, copy: IngestCopy, ms = NOT_READY_WITHIN_MS): Promise<void> {
  const startedAt = Date.now();
  const behind = await lane.lag();
  const saysNo = async () => {
    const { ready, body } = await copy.readiness(ms);
    return !ready && !body.startsWith('no answer');
  };
  await lane.until(`I12: /readyz says no (no progress for ${ms} ms, ${behind} records behind)`, saysNo, ms);
  const took = Date.now() - startedAt;
  if (took > ms) lane.violations.push(`I12: /readyz said no after ${took} ms only`);
  lane.count('not ready');
  lane.count('ms until not ready', took);
}

const brokerKilled: Row = {
  name: 'broker-killed',
  what: 'kill -9 of Kafka, and back on its data',
  mustSee: ['broker gone under load'],
  alone: true,
  run: (lane, times) => withoutBroker(lane, times, () => lane.world.platform.kafka.kill()),
};

const brokerRestarted: Row = {
  name: 'broker-restarted',
  what: 'clean restarts of Kafka under load',
  mustSee: ['broker gone under load'],
  size: 2,
  alone: true,
  run: (lane, times) => withoutBroker(lane, times, () => lane.world.platform.kafka.stop()),
};

async function withoutBroker(lane: Lane, times: number, takeAway: () => Promise<void>): Promise<void> {
  const copy = await lane.firstCopy();
  for (let time = 0; time < times; time++) {
    await lane.within(
      copy.at('raw-sent', lane.random.int(1, 3), async () => 'pass'),
      30_000,
      'no work came',
    );
    await takeAway();
    lane.kills += 1;
    lane.count('broker gone under load');
    await sleep(lane.random.int(0, 1_000));
    await lane.world.platform.kafka.start();
    const backAt = Date.now();
    await flowing(lane, copy);
    lane.count('ms from Kafka back to flowing', Date.now() - backAt);
  }
}

/** Waits until a batch is stored again. */
export async function flowing(lane: Lane, copy: IngestCopy, withinMs = 60_000): Promise<void> {
  await lane.within(
    copy.at('committed', 1, async () => 'pass'),
    withinMs,
    'nothing was stored and committed again',
  );
}

export const serverRows: Row[] = [clickhouseKilled, clickhouseStopped, brokerKilled, brokerRestarted];
