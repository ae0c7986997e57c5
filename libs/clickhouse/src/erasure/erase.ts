import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { addRawToStates } from '../audit/states';
import { markChangedHours } from '../rollups/mark-changed-hours';
import { toDateTime64 } from '../intake/store-events';
import { tell } from '../tell';
import type { ErasedId } from './erasures';
import { rewriteActions } from './rewrite-actions';
import { rewriteIncidents } from './rewrite-incidents';
import { eraseColumns } from './where-named';

/** How the world around takes part in an erasure. */
export interface EraseOptions {
  /** What counts as recorded by then, in milliseconds since 1970 UTC: the tombstone's time. */
  erasedAt: number;
  /** Waits until every ingest knows the tombstone and has finished what it was storing. */
  letIngestKnow: () => Promise<void>;
  /** Told before each step, for people. */
  onStep?: (step: string) => void;
}

/** Ids in one statement: bounds its length. */
const IDS_AT_ONCE = 2_000;

/**
 * Erases a host or an org from every table, on disk. First the tombstone, so that nothing comes back; the raw rows go last,
 * since from them it is known what else there is. Cut off anywhere, it is done by doing it again.
 */
export async function erase(db: ClickHouseClient, target: ErasedId, options: EraseOptions): Promise<void> {
  const { kind, id } = target;
  const step = options.onStep ?? (() => undefined);
  step('tombstone');
  await writeTombstone(db, target, options.erasedAt, await hoursOf(db, target));
  await options.letIngestKnow();
  step('hours of its bugchecks');
  const hours = await hoursOf(db, target);
  await writeTombstone(db, target, options.erasedAt, hours);
  const hosts = kind === 'host' ? [id] : await hostsOf(db, id);
  step(`states of ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}`);
  for (let at = 0; at < hosts.length; at += IDS_AT_ONCE) {
    const ids = hosts.slice(at, at + IDS_AT_ONCE);
    for (const table of ['channel_hosts', 'applied_updates', 'hosts'])
      await tell(db, 'erasure/delete-of-ids', { table, column: 'host_id', ids });
  }
  step('dead letters');
  await tell(db, 'erasure/delete-dead-letters', { id, field: `${kind}_id`, quoted: JSON.stringify(id) });
  step('incidents');
  await rewriteIncidents(db, id);
  step('words of people');
  await rewriteActions(db, id);
  for (const { table, column } of await eraseColumns(db, `${kind}_id`)) {
    step(table);
    await tell(db, 'erasure/delete-of-ids', { table, column, ids: [id] });
  }
  step('states of hosts that are also of others');
  for (let at = 0; kind === 'org' && at < hosts.length; at += IDS_AT_ONCE) {
    const ids = hosts.slice(at, at + IDS_AT_ONCE);
    for (const state of ['hosts', 'channel_hosts', 'applied_updates'] as const) await addRawToStates(db, state, ids);
  }
  step('hours to count again');
  await markChangedHours(db, hours);
}

/** The hours (ms since 1970 UTC) of its bugchecks, those included that an erasure which was cut off had found. */
async function hoursOf(db: ClickHouseClient, { kind, id }: ErasedId): Promise<number[]> {
  const rows = await ask<{ hour: number }>(db, 'erasure/hours-of-bugchecks', { kind, id, column: `${kind}_id` });
  return rows.map(({ hour }) => hour * 1_000);
}

async function hostsOf(db: ClickHouseClient, orgId: string): Promise<string[]> {
  const rows = await ask<{ host_id: string }>(db, 'erasure/hosts-of-org', { org_id: orgId });
  return rows.map(({ host_id }) => host_id);
}

async function writeTombstone(
  db: ClickHouseClient,
  { kind, id }: ErasedId,
  erasedAt: number,
  hours: readonly number[],
): Promise<void> {
  const inSeconds = hours.map((hour) => Math.floor(hour / 1_000));
  const values = [{ kind, id, erased_at: toDateTime64(erasedAt), hours: inSeconds }];
  await db.insert({ table: 'erasures', values, format: 'JSONEachRow' });
}
