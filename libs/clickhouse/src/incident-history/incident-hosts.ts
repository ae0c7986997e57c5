import type { ClickHouseClient } from '@clickhouse/client';
import type { Update } from '@ringwatch/rollout';
import { ask } from '../ask';
import { crashCountsForDays } from '../release-history/crashed-after-applying';

/**
 * `crashing`: its last word is a crash. `silent`: fell quiet without one. `back`: has lived ten minutes beyond its last crash, or
 * was silent and has given a sign of life since.
 */
export const hostStates = ['crashing', 'silent', 'back'] as const;
export type HostState = (typeof hostStates)[number];

/** A host that went down after it applied the suspect. Times are event times; crash times are null where none was reported. */
export interface IncidentHost {
  hostId: string;
  state: HostState;
  orgId: string;
  country: string;
  osBuild: string;
  appliedAt: Date;
  firstCrashAt: Date | null;
  lastCrashAt: Date | null;
  crashes: number;
  namesSuspect: boolean;
  /** Its last heartbeat or install. */
  lastSignAt: Date;
}

/** So many heartbeats are looked at to find the hosts that were silent and are back. Of 14 million it took 5 s on two busy cores. */
const MOST_HEARTBEATS = 5_000_000;

/** How it is known who was silent and is back: from the heartbeats of all hosts, or of those that the detector noted in its sample. */
export type ReturnsFrom = 'heartbeats' | 'detector';

/** Which of the two is possible for an update. */
export async function returnsFrom(db: ClickHouseClient, suspect: Update): Promise<ReturnsFrom> {
  const [row] = await ask<{ heartbeats: number }>(db, 'incident-history/heartbeats-around', { ...suspect });
  return row!.heartbeats <= MOST_HEARTBEATS ? 'heartbeats' : 'detector';
}

/** Which hosts; an empty or absent list takes any. `asOf` is event time. */
export interface IncidentHostSelection {
  asOf: Date;
  returns: ReturnsFrom;
  states?: readonly HostState[];
  orgs?: readonly string[];
  countries?: readonly string[];
  osBuilds?: readonly string[];
}

interface Row {
  host_id: string;
  state: HostState;
  org_id: string;
  country: string;
  os_build: string;
  applied_ms: number;
  first_crash_ms: number;
  last_crash_ms: number;
  crashes: number;
  names_suspect: number | boolean;
  last_sign_ms: number;
  hosts: number;
}

/** Lists the hosts behind an incident by host_id, from `afterHostId` on: who is down, for the people who must go there. */
export async function incidentHosts(
  db: ClickHouseClient,
  suspect: Update,
  { afterHostId = '', maxRows, ...selection }: IncidentHostSelection & { afterHostId?: string; maxRows: number },
): Promise<IncidentHost[]> {
  const rows = await ask<Row>(db, 'incident-history/incident-hosts', {
    ...parametersOf(suspect, selection),
    by_host: true,
    after_host_id: afterHostId,
    max_rows: maxRows,
  });
  return rows.map(toHost);
}

/** Counts the same hosts by state. */
export async function countIncidentHosts(
  db: ClickHouseClient,
  suspect: Update,
  selection: IncidentHostSelection,
): Promise<Record<HostState, number>> {
  const rows = await ask<Row>(db, 'incident-history/incident-hosts', {
    ...parametersOf(suspect, selection),
    by_host: false,
    after_host_id: '',
    max_rows: hostStates.length,
  });
  const counts = { crashing: 0, silent: 0, back: 0 };
  for (const { state, hosts } of rows) counts[state] = hosts;
  return counts;
}

function parametersOf(suspect: Update, selection: IncidentHostSelection): Record<string, unknown> {
  return {
    ...suspect,
    within_days: crashCountsForDays,
    as_of_ms: selection.asOf.getTime(),
    look_at_all: selection.returns === 'heartbeats',
    states: selection.states ?? [],
    org_ids: selection.orgs ?? [],
    countries: selection.countries ?? [],
    os_builds: selection.osBuilds ?? [],
  };
}

function toHost(row: Row): IncidentHost {
  return {
    hostId: row.host_id,
    state: row.state,
    orgId: row.org_id,
    country: row.country,
    osBuild: row.os_build,
    appliedAt: new Date(row.applied_ms),
    firstCrashAt: row.crashes > 0 ? new Date(row.first_crash_ms) : null,
    lastCrashAt: row.crashes > 0 ? new Date(row.last_crash_ms) : null,
    crashes: row.crashes,
    namesSuspect: Boolean(row.names_suspect),
    lastSignAt: new Date(row.last_sign_ms),
  };
}
