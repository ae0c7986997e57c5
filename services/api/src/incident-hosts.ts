import {
  type IncidentHost,
  type IncidentHostSelection,
  countIncidentHosts,
  incidentHosts,
  returnsFrom,
  storeStatus,
} from '@ringwatch/clickhouse';
import { z } from 'zod';
import { orgsAskedFor } from './caller';
import { decodeCursor, pageOf } from './cursor';
import type { IncidentHostsQuery } from './incident-answers';
import { findIncident } from './incidents';
import type { Store } from './store';

const hostPosition = z.tuple([z.string()]);

/** The columns of the list of hosts, in the order of its CSV. */
export const hostColumns = [
  'host_id',
  'state',
  'org_id',
  'country',
  'os_build',
  'applied_at',
  'first_crash_at',
  'last_crash_at',
  'crashes',
  'names_suspect',
  'last_sign_at',
  'last_seen_at',
] as const;

/** The hosts that went down after they applied the suspect, by host_id; how many of each state, on the first page. */
export async function readIncidentHosts(store: Store, incidentId: string, query: IncidentHostsQuery) {
  const [incident, { newestEventAt: asOf }] = await Promise.all([
    findIncident(store, incidentId),
    store.ask('store-status', (db) => storeStatus(db)),
  ]);
  const [afterHostId] = query.cursor ? decodeCursor(query.cursor, hostPosition) : [];
  if (asOf === null) return { hosts: [], counts: null, returns_from: null, as_of: null, next_cursor: null };
  const suspect = { channel: incident.suspect.update_channel, version: incident.suspect.update_version };
  const returns = await store.ask('heartbeats-around', (db) => returnsFrom(db, suspect));
  const others: IncidentHostSelection = {
    asOf,
    returns,
    orgs: orgsAskedFor(store.orgs, query.org_id),
    countries: query.country,
    osBuilds: query.os_build,
  };
  const [found, counts] = await Promise.all([
    store.ask('incident-hosts', (db) =>
      incidentHosts(db, suspect, { ...others, states: query.state, afterHostId, maxRows: query.limit + 1 }),
    ),
    afterHostId === undefined
      ? store.ask('count-incident-hosts', (db) => countIncidentHosts(db, suspect, others))
      : null,
  ]);
  const { page, nextCursor } = pageOf<IncidentHost>(found, query.limit, (last) => [last.hostId]);
  return { hosts: page.map(toWire), counts, returns_from: returns, as_of: asOf, next_cursor: nextCursor };
}

function toWire(host: IncidentHost): Record<(typeof hostColumns)[number], string | number | boolean | Date | null> {
  const lastMs = Math.max(host.lastSignAt.getTime(), host.lastCrashAt?.getTime() ?? 0);
  return {
    host_id: host.hostId,
    state: host.state,
    org_id: host.orgId,
    country: host.country,
    os_build: host.osBuild,
    applied_at: host.appliedAt,
    first_crash_at: host.firstCrashAt,
    last_crash_at: host.lastCrashAt,
    crashes: host.crashes,
    names_suspect: host.namesSuspect,
    last_sign_at: host.lastSignAt,
    last_seen_at: new Date(lastMs),
  };
}
