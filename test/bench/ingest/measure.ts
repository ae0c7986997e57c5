import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@ringwatch/clickhouse';
import type { FilledTopic } from '../events/fill-topic';
import { Commits } from '../stand/commits';
import { type Costs, Meter } from '../stand/meter';
import { cpuSeconds } from '../stand/processes';
import type { Stand } from '../stand/stand';
import { compareWithTruth, type Faults } from './compare';
import type { Peer } from './peer';
import { finishRollups } from './rollups';

/** One run of one peer. */
export interface Run {
  peer: string;
  round: number;
  rows: number;
  /** From the first messages that left the broker, and from the start of the peer, until all was stored and acknowledged. */
  secondsFromFirstFetch: number;
  secondsFromStart: number;
  /** From the first messages that left the broker until the counts of all hours were made too. */
  secondsUntilRolledUp: number;
  /** Until all was rolled up. */
  costs: Costs;
  /** What ClickHouse used after the end, for merges of what the run left, in CPU seconds. */
  laterMergesCpuSeconds: number;
  faults: Faults | undefined;
  said: string;
}

const WATCH_EVERY_MS = 5;
const SAY_EVERY_MS = 5_000;
const MERGES_MOST_MS = 180_000;

/** Lets a peer take the whole topic, and measures it. Throws when the peer fails or stands still. */
export async function measure(
  stand: Stand,
  topic: FilledTopic,
  peer: Peer,
  round: number,
  say: (line: string) => void,
): Promise<Run> {
  const database = `${peer.name.replaceAll('-', '_')}_${round}`;
  const db = await stand.database(database, { migrated: true });
  const groupId = `bench-${database}-${Date.now()}`;
  const commits = new Commits(stand.kafka);
  await commits.connect();
  try {
    const meter = new Meter(stand.pids());
    const watching = setInterval(() => meter.lookForFirstFetch() && clearInterval(watching), WATCH_EVERY_MS);
    const starting = peer.start({ stand, db, database, topic, groupId });
    const failed = starting.then(({ failed: fails }) => fails ?? new Promise<never>(() => undefined));
    failed.catch(() => undefined); // it also ends when it is stopped
    const progress = sayProgress(topic.messages, say);
    try {
      await Promise.race([commits.untilDone(groupId, topic.topic, topic.messages, progress), failed]);
    } finally {
      clearInterval(watching);
    }
    const storedAt = performance.now();
    await finishRollups(db, peer);
    const rolledUpAt = performance.now();
    const working = await starting;
    meter.follow(working.pid);
    const costs = meter.read();
    const firstFetchAt = meter.firstFetchAt ?? meter.startedAt;
    const said = (await working.describe?.()) ?? '';
    await working.stop();
    const laterMergesCpuSeconds = await settle(stand, db);
    return {
      peer: peer.name,
      round,
      rows: topic.messages,
      secondsFromFirstFetch: (storedAt - firstFetchAt) / 1000,
      secondsFromStart: (storedAt - meter.startedAt) / 1000,
      secondsUntilRolledUp: (rolledUpAt - firstFetchAt) / 1000,
      costs,
      laterMergesCpuSeconds,
      faults: peer.stores ? await compareWithTruth(db) : undefined,
      said,
    };
  } finally {
    await commits.disconnect();
    await db.command({ query: `DROP DATABASE IF EXISTS ${database} SYNC` });
    await stand.close(db);
  }
}

/** Waits until ClickHouse has merged what it wants to merge, so that it does not do so in the next run; CPU seconds of that. */
export async function settle(stand: Stand, db: ClickHouseClient): Promise<number> {
  const { clickhouse } = stand.pids();
  const before = cpuSeconds(clickhouse);
  const giveUpAt = Date.now() + MERGES_MOST_MS;
  for (let quiet = 0; quiet < 4 && Date.now() < giveUpAt; await sleep(500)) {
    const answer = await db.query({ query: 'SELECT count() AS count FROM system.merges', format: 'JSONEachRow' });
    const [row] = (await answer.json()) as [{ count: number }];
    quiet = row.count === 0 ? quiet + 1 : 0;
  }
  return cpuSeconds(clickhouse) - before;
}

function sayProgress(messages: number, say: (line: string) => void): (done: number) => void {
  let saidAt = Date.now();
  return (done) => {
    if (Date.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = Date.now();
    say(`  ${Math.round((100 * done) / messages)} %`);
  };
}
