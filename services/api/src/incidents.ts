import { stopCodeName } from '@ringwatch/bugcheck';
import { type LatestIncident, incidentChanges, listIncidents } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { z } from 'zod';
import { decodeCursor, pageOf } from './cursor';
import type { IncidentsQuery } from './incident-answers';
import { asSeenBy } from './org-view';
import { Problem } from './problem';
import type { Store } from './store';

const incidentPosition = z.tuple([z.number().int(), z.string()]);

/** Lists incidents in their latest state, last opened first. */
export async function readIncidents(store: Store, query: IncidentsQuery) {
  const [openedMs, incidentId] = query.cursor ? decodeCursor(query.cursor, incidentPosition) : [];
  const after =
    openedMs !== undefined && incidentId !== undefined ? { openedAt: new Date(openedMs), incidentId } : undefined;
  const filters = { states: query.state, severities: query.severity, channels: query.channel, orgs: store.orgs };
  const found = await store.ask('list-incidents', (db) =>
    listIncidents(db, { filters, after, maxRows: query.limit + 1 }),
  );
  const { page, nextCursor } = pageOf<LatestIncident>(found, query.limit, (last) => [
    last.openedAt.getTime(),
    last.change.incident_id,
  ]);
  const incidents = await asSeenBy(
    store,
    page.map(({ change }) => change),
  );
  return { incidents, next_cursor: nextCursor };
}

/** One incident: its latest change and all changes that led there. @throws Problem 404 when there is none of this id. */
export async function readIncident(store: Store, incidentId: string) {
  const [latest, all] = await Promise.all([
    findIncident(store, incidentId),
    store.ask('incident-changes', (db) => incidentChanges(db, incidentId)),
  ]);
  const changes = await asSeenBy(store, all);
  const names = store.orgs.length === 0 ? namesOf(latest.evidence.stop_codes) : {};
  return { incident: changes.at(-1) ?? latest, changes, stop_code_names: names };
}

/** The latest change of an incident that the caller may know of. @throws Problem 404 when there is none. */
export async function findIncident(store: Store, incidentId: string): Promise<IncidentChange> {
  const filters = { ids: [incidentId], orgs: store.orgs };
  const [found] = await store.ask('list-incidents', (db) => listIncidents(db, { filters, maxRows: 1 }));
  if (found === undefined) throw new Problem('not_found', `there is no incident ${incidentId}`);
  return found.change;
}

function namesOf(stopCodes: ReadonlyArray<{ value: string }>): Record<string, string> {
  const named = stopCodes.map(({ value }) => [value, stopCodeName(Number(value))] as const);
  return Object.fromEntries(named.filter((each): each is [string, string] => each[1] !== undefined));
}
