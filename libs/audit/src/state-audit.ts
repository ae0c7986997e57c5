import {
  type ClickHouseClient,
  type StateDifference,
  repairStates,
  stateDifferences,
  stateTables,
} from '@ringwatch/clickhouse';
import { KEPT_MS } from './account';
import type { Finding } from './findings';
import { type Pace, unpaced } from './pace';

/** How far the server's clock for keeping rows and arrival times may lie apart. */
const MARGIN_MS = 60 * 60 * 1000;
/** A row is seen before what is derived from it. */
const SECOND_LOOK_AFTER_MS = 3_000;

/**
 * The audit of derived states: hosts, hosts of channels, applications and known updates against the raw rows, as far as
 * those still are there. What differs after a second look is told and, unless `repair` is false, made right.
 */
export async function auditStates(options: {
  db: ClickHouseClient;
  onFinding: (finding: Finding) => void;
  repair?: boolean;
  pace?: Pace;
}): Promise<void> {
  const { db, onFinding, repair = true, pace = unpaced } = options;
  for (const state of stateTables) {
    const kept = state === 'hosts' || state === 'channel_hosts' ? KEPT_MS.heartbeats : KEPT_MS.installs;
    const horizon = Date.now() - kept + MARGIN_MS;
    const differences = await standing(() => stateDifferences(db, state, { horizon }));
    for (const { key, kind } of differences) {
      const detail = `${kind}: ${key}${repair ? ', made right from raw' : ''}`;
      onFinding({ kind: 'state_differs', topic: state, partition: -1, offset: -1, detail });
    }
    if (repair && differences.length > 0) await repairStates(db, state, differences, horizon);
    await pace.rest();
  }
}

async function standing(look: () => Promise<StateDifference[]>): Promise<StateDifference[]> {
  const first = await look();
  if (first.length === 0) return [];
  await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_AFTER_MS));
  const seen = new Set(first.map(({ key, kind }) => `${kind} ${key}`));
  return (await look()).filter(({ key, kind }) => seen.has(`${kind} ${key}`));
}
