import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { tell } from '../tell';

/** The tables that keep of hosts and updates what was first, fed by views of the raw rows. */
export const stateTables = ['hosts', 'channel_hosts', 'applied_updates', 'known_updates'] as const;
export type StateTable = (typeof stateTables)[number];

/** A state that says another thing than the raw rows. */
export interface StateDifference {
  /** The host id; of known updates the channel. */
  id: string;
  /** The whole key, for people. */
  key: string;
  /** `missing`; `late`: a raw row is earlier (or of last signs: later); `unexplained`: no raw row says what it says. */
  kind: 'missing' | 'late' | 'unexplained';
}

const differing: Record<StateTable, string> = {
  hosts: 'audit/differing-hosts',
  channel_hosts: 'audit/differing-channel-hosts',
  applied_updates: 'audit/differing-applied-updates',
  known_updates: 'audit/differing-known-updates',
};
const inserting: Record<StateTable, string> = {
  hosts: 'audit/insert-hosts',
  channel_hosts: 'audit/insert-channel-hosts',
  applied_updates: 'audit/insert-applied-updates',
  known_updates: 'audit/insert-known-updates',
};

/**
 * Compares a state table with the raw rows, at most `most` differences. Raw rows expire: what arrived before `horizon` (ms
 * since 1970 UTC) may rest on a row that is gone, and is not called unexplained.
 */
export function stateDifferences(
  db: ClickHouseClient,
  state: StateTable,
  { horizon, most = 1_000 }: { horizon: number; most?: number },
): Promise<StateDifference[]> {
  return ask<StateDifference>(db, differing[state], { horizon, most });
}

/** Adds what the raw rows say of these ids (host ids; channels for known updates). Repeatable: minima and maxima only. */
export async function addRawToStates(db: ClickHouseClient, state: StateTable, ids: readonly string[]): Promise<void> {
  await tell(db, inserting[state], { ids });
}

/**
 * Makes states right again: deletes what no raw row explains, then adds what the raw rows say. Cut off between the two, the
 * next comparison finds the state missing.
 */
export async function repairStates(
  db: ClickHouseClient,
  state: StateTable,
  differences: readonly StateDifference[],
  horizon: number,
): Promise<void> {
  const ids = (kinds: readonly string[]) => [
    ...new Set(differences.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id)),
  ];
  const unexplained = ids(['unexplained']);
  const column = state === 'known_updates' ? 'update_channel' : 'host_id';
  if (unexplained.length > 0)
    await tell(db, 'audit/delete-recent-states', { table: state, column, ids: unexplained, horizon });
  await addRawToStates(db, state, ids(['missing', 'late', 'unexplained']));
}
