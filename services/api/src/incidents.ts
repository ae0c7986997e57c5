import { stopCodeName } from '@ringwatch/bugcheck';
import {
  type IncidentHost,
  type LatestIncident,
  incidentChanges,
  incidentHosts,
  listIncidents,
} from '@ringwatch/clickhouse';
import { z } from 'zod';
import { decodeCursor, pageOf } from './cursor';
import type { IncidentHostsQuery, IncidentsQuery } from './incident-answers';
import { Problem } from './problem';
import type { Store } from './store';

const incidentPosition = z.tuple([z.number().int(), z.string()]);
const hostPosition = z.tuple([z.string()]);

/** The columns of the list of hosts, in the order of its CSV. */
export const hostColumns = [
  'host_id',
  'org_id',
  'country',
  'os_build',
  'applied_at',
  'first_crash_at',
  'last_crash_at',
  'crashes',
  'names_suspect',
  'last_seen_at',
] as const;

/** Lists incidents in their latest state, last opened first. */
export async function readIncidents(store: Store, query: IncidentsQuery) {
  const [openedMs, incidentId] = query.cursor ? decodeCursor(query.cursor, incidentPosition) : [];
  const after =
    openedMs !== undefined && incidentId !== undefined ? { openedAt: new Date(openedMs), incidentId } : undefined;
  const filters = { states: query.state, severities: query.severity, channels: query.channel };
  const found = await store.ask('list-incidents', (db) =>
    listIncidents(db, { filters, after, maxRows: query.limit + 1 }),
  );
  const { page, nextCursor } = pageOf<LatestIncident>(found, query.limit, (last) => [
    last.openedAt.getTime(),
    last.change.incident_id,
  ]);
  return { incidents: page.map(({ change }) => change), next_cursor: nextCursor };
}

/** One incident: its latest change and all changes that led there. @throws Problem 404 when there is none of this id. */
export async function readIncident(store: Store, incidentId: string) {
  const changes = await store.ask('incident-changes', (db) => incidentChanges(db, incidentId));
  const latest = changes.at(-1);
  if (latest === undefined) throw new Problem('not_found', `there is no incident ${incidentId}`);
  return { incident: latest, changes, stop_code_names: namesOf(latest.evidence.stop_codes) };
}

/** The hosts that applied the suspect and then crashed, by host_id. */
export async function readIncidentHosts(store: Store, incidentId: string, query: IncidentHostsQuery) {
  const { incident } = await readIncident(store, incidentId);
  const suspect = { channel: incident.suspect.update_channel, version: incident.suspect.update_version };
  const [afterHostId] = query.cursor ? decodeCursor(query.cursor, hostPosition) : [];
  const found = await store.ask('incident-hosts', (db) =>
    incidentHosts(db, suspect, { afterHostId, maxRows: query.limit + 1 }),
  );
  const { page, nextCursor } = pageOf<IncidentHost>(found, query.limit, (last) => [last.hostId]);
  return { hosts: page.map(toWire), next_cursor: nextCursor };
}

function toWire(host: IncidentHost): Record<(typeof hostColumns)[number], string | number | boolean | Date> {
  return {
    host_id: host.hostId,
    org_id: host.orgId,
    country: host.country,
    os_build: host.osBuild,
    applied_at: host.appliedAt,
    first_crash_at: host.firstCrashAt,
    last_crash_at: host.lastCrashAt,
    crashes: host.crashes,
    names_suspect: host.namesSuspect,
    last_seen_at: host.lastSeenAt,
  };
}

function namesOf(stopCodes: ReadonlyArray<{ value: string }>): Record<string, string> {
  const named = stopCodes.map(({ value }) => [value, stopCodeName(Number(value))] as const);
  return Object.fromEntries(named.filter((each): each is [string, string] => each[1] !== undefined));
}
