import { setTimeout as sleep } from 'node:timers/promises';
import type { Row } from '../act';
import { type PointName, pointNames } from '../points';

/** kill -9 of ingest when a batch is at a named point: the proxy that holds the batch does it, so that none misses. */
const atPoint = (point: PointName): Row => ({
  name: `kill-at-${point}`,
  what: `kill -9 of ingest, ${explained[point]}`,
  mustSee: [`killed at ${point}`],
  size: 4,
  run: async (lane, kills) => {
    const copy = await lane.firstCopy();
    for (let kill = 0; kill < kills; kill++) await lane.killAt(copy, point, lane.random.int(1, 3));
  },
});

const explained: Record<PointName, string> = {
  parsed: 'rows made, insert not yet at ClickHouse',
  'raw-sent': 'ClickHouse has the insert, no answer yet',
  'raw-acked': 'ClickHouse has answered, ingest does not know',
  'dead-sent': 'dead letters on their way into the table',
  'dead-acked': 'dead letters in the table, ingest does not know',
  marked: 'hours marked as changed, ingest does not know',
  rolling: 'an hour counted again by half',
  stored: 'all stored, commit not yet at Kafka',
  committed: 'committed, ingest does not know',
};

const atRandom: Row = {
  name: 'kill-at-random',
  what: 'kill -9 of ingest at any moment while there is work',
  mustSee: ['killed with work before it'],
  size: 4,
  run: async (lane, kills) => {
    const copy = await lane.firstCopy();
    for (let kill = 0; kill < kills; kill++) {
      await lane.within(
        copy.at(lane.random.pick(pointNames), 1, async () => 'pass'),
        25_000,
        'no work came',
      );
      await sleep(lane.random.int(0, 200));
      copy.disarm();
      if ((await lane.lag()) > 0) lane.count('killed with work before it');
      await copy.kill();
      lane.kills += 1;
      await lane.checkCommitted();
      await copy.start();
    }
  },
};

export const killRows: Row[] = [...pointNames.map(atPoint), atRandom];
