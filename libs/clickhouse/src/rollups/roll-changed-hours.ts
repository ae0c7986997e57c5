import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { tell } from '../tell';

/** One hour that was counted again: which, how many rows of counts were written, and how long it took. */
export interface RolledHour {
  hour: Date;
  rows: number;
  ms: number;
}

/** A roll that is to be done: `hour` in seconds since 1970, `startUs` (its rank among rolls) in microseconds since 1970. */
export interface Roll {
  hour: number;
  startUs: number;
}

/** More than a store keeps of hours; what is left is done by the next call. */
const ALL = 100_000;

/**
 * Counts again the hours that have changed since they were last counted, those counted longest ago first; `limit` is the most
 * hours of one call, `quietSeconds` leaves out hours that have changed since. May be killed anywhere and run by several
 * processes at once: until an hour is finished it is read from the raw rows, and the counts of a roll that started later win.
 * Hours that change meanwhile are dirty again.
 */
export async function rollChangedHours(
  db: ClickHouseClient,
  { limit = ALL, quietSeconds = 0 }: { limit?: number; quietSeconds?: number } = {},
): Promise<RolledHour[]> {
  const done: RolledHour[] = [];
  for (const { hour } of await nextRolls(db, { limit, quietSeconds })) {
    const started = performance.now();
    const [roll] = await nextRolls(db, { limit: 1, hours: [hour] });
    if (!roll) continue; // another process has done it
    await startRoll(db, roll);
    const rows = await countAgain(db, roll);
    await finishRoll(db, roll);
    done.push({ hour: new Date(hour * 1_000), rows, ms: performance.now() - started });
  }
  return done;
}

/** The dirty hours, all or some, each with a moment for its next roll that is after all that is known of the hour. */
export async function nextRolls(
  db: ClickHouseClient,
  { limit, hours = [], quietSeconds = 0 }: { limit: number; hours?: readonly number[]; quietSeconds?: number },
): Promise<Roll[]> {
  const values = { max_rows: limit, hours, quiet_seconds: quietSeconds };
  const rows = await ask<{ hour: number; start_us: number }>(db, 'rollups/next-dirty-hours', values);
  return rows.map((row) => ({ hour: row.hour, startUs: row.start_us }));
}

/** First step: from now on a change of the hour is marked as later than this roll. */
export async function startRoll(db: ClickHouseClient, { hour, startUs }: Roll): Promise<void> {
  await tell(db, 'rollups/start-roll', { hour, start_us: startUs });
}

/** Second step: writes the counts; answers how many rows. */
export async function countAgain(db: ClickHouseClient, { hour, startUs }: Roll): Promise<number> {
  const values = { hour, start_us: startUs };
  return (await tell(db, 'rollups/roll-5-minutes', values)) + (await tell(db, 'rollups/roll-hour', values));
}

/** Last step: the hour is read from its counts, unless it has changed since the first step. */
export async function finishRoll(db: ClickHouseClient, { hour, startUs }: Roll): Promise<void> {
  await tell(db, 'rollups/finish-roll', { hour, start_us: startUs });
}
