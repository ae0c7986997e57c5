import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from './ask';
import { tell } from './tell';

/** A holder that has not said for this long that it is alive is taken for dead. */
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 5_000;
const LOOK_AGAIN_MS = 250;
const PREFIX = 'schema_lock_';
/** ClickHouse's names for what two processes at once lead to. */
const TABLE_ALREADY_EXISTS = '57';
const UNKNOWN_TABLE = '60';

/** For tests. */
export interface LockOptions {
  leaseMs?: number;
}

/**
 * Runs `work` while no other process does. ClickHouse has no locks; what it does at most once is making a table of one name.
 * So each holder makes the next of `schema_lock_1`, `schema_lock_2` ..., and says in it that it is alive and when it is done.
 * A process that died holds up the others for 30 s. One that slept for longer and goes on beside its successor does no harm:
 * every statement of a migration can be repeated.
 */
export async function underLock<T>(
  db: ClickHouseClient,
  work: () => Promise<T>,
  { leaseMs = LEASE_MS }: LockOptions = {},
): Promise<T> {
  const lock = await takeLock(db, leaseMs, `${process.pid} ${randomUUID()}`);
  const renewing = setInterval(() => void lock.note('held').catch(() => undefined), RENEW_EVERY_MS).unref();
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    await lock.note('released');
  }
}

interface Lock {
  note: (state: 'held' | 'released') => Promise<void>;
}

async function takeLock(db: ClickHouseClient, leaseMs: number, holder: string): Promise<Lock> {
  for (;;) {
    const locks = await generations(db);
    const latest = locks.at(-1) ?? 0;
    if (latest === 0 || (await isFree(db, latest, leaseMs))) {
      const mine = latest + 1;
      const table = `${PREFIX}${mine}`;
      if ((await make(db, table)) && (await generations(db)).at(-1) === mine) {
        const note = (state: string) => db.insert({ table, values: [{ holder, state }], format: 'JSONEachRow' });
        await note('held');
        for (const old of locks.slice(0, -1)) await tell(db, 'schema/drop-lock', { table: `${PREFIX}${old}` });
        return { note: async (state) => void (await note(state)) };
      }
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Every lock there is, by number. The latest is never deleted: counting from one again could give a number twice. */
async function generations(db: ClickHouseClient): Promise<number[]> {
  const rows = await ask<{ name: string }>(db, 'schema/locks', { prefix: PREFIX });
  return rows.map(({ name }) => Number(name.slice(PREFIX.length))).sort((a, b) => a - b);
}

/** Whether its holder is done or dead. One that was deleted meanwhile has successors: look again. */
async function isFree(db: ClickHouseClient, generation: number, leaseMs: number): Promise<boolean> {
  try {
    const [row] = await ask<{ released: number; silent_ms: number }>(db, 'schema/lock-state', {
      table: `${PREFIX}${generation}`,
    });
    return row !== undefined && (row.released === 1 || row.silent_ms > leaseMs);
  } catch (error) {
    if (codeOf(error) === UNKNOWN_TABLE) return false;
    throw error;
  }
}

async function make(db: ClickHouseClient, table: string): Promise<boolean> {
  try {
    await tell(db, 'schema/make-lock', { table });
    return true;
  } catch (error) {
    if (codeOf(error) === TABLE_ALREADY_EXISTS) return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | undefined)?.code;
}
