import {
  type ClickHouseClient,
  hourStates,
  markChangedHours,
  nextRolls,
  rollChangedHours,
} from '@ringwatch/clickhouse';
import type { Peer } from './peer';

/** A look takes ClickHouse 8 ms of CPU. */
const LOOK_EVERY_MS = 200;
/** Ingest rolls up by itself: hardly while much waits for it, then within seconds. */
const ROLLED_WITHIN_MS = 120_000;
const END_MS = Date.UTC(2106, 0, 1);

/**
 * Counts of crashes are made from what is stored, hour by hour; ingest does so by itself. For a peer that does not, the bench
 * does it with the same function, once, when all is stored: the least work that fills the same tables, so that no peer looks
 * worse by it than it has to. Resolves when everything is rolled up. This is the only place that knows of it.
 */
export async function finishRollups(db: ClickHouseClient, peer: Peer): Promise<void> {
  if (!peer.stores) return;
  if (!peer.rollsUp) {
    await markChangedHours(db, await hoursWithRows(db));
    await rollChangedHours(db);
  }
  for (const giveUpAt = Date.now() + ROLLED_WITHIN_MS; (await nextRolls(db, { limit: 1 })).length > 0; await pause()) {
    if (Date.now() > giveUpAt) throw new Error('all is stored, but not rolled up');
  }
}

/** Hours that have rows, but no counts and nobody who will make them: nobody said that they have changed. */
export async function hoursWithoutCounts(db: ClickHouseClient): Promise<number> {
  const rolled = new Set(
    (await hourStates(db, 0, END_MS)).flatMap(({ startMs, rolledUs }) => (rolledUs ? [startMs] : [])),
  );
  return (await hoursWithRows(db)).filter((hour) => !rolled.has(hour)).length;
}

const pause = () => new Promise<void>((done) => setTimeout(done, LOOK_EVERY_MS));

/** Milliseconds since 1970 UTC. */
async function hoursWithRows(db: ClickHouseClient): Promise<number[]> {
  const query = 'SELECT DISTINCT toUnixTimestamp(toStartOfHour(occurred_at)) AS hour FROM bugchecks';
  const answer = await db.query({ query, format: 'JSONEachRow' });
  return (await answer.json<{ hour: number }>()).map(({ hour }) => hour * 1_000);
}
