import type { ClickHouseClient } from '@clickhouse/client';
import type { IncidentChange } from '@ringwatch/incident';
import { ask } from '../ask';

/** The latest change of an incident, and when the incident was first opened (its place in the list). */
export interface LatestIncident {
  openedAt: Date;
  change: IncidentChange;
}

/** Which incidents, by their latest change; an empty or absent list takes any. */
export interface IncidentFilters {
  states?: readonly string[];
  severities?: readonly string[];
  channels?: readonly string[];
  ids?: readonly string[];
  /** Only those that concern these organisations: by a host that crashed, or that applied the suspect of more than one. */
  orgs?: readonly string[];
}

/** Where a page of incidents ended: the next one begins behind it. */
export interface IncidentPosition {
  openedAt: Date;
  incidentId: string;
}

const latestMs = Date.UTC(2299, 0, 1);

/** Lists incidents in their latest state, last opened first. */
export async function listIncidents(
  db: ClickHouseClient,
  page: { filters: IncidentFilters; after?: IncidentPosition; maxRows: number },
): Promise<LatestIncident[]> {
  const rows = await ask<{ opened_ms: number; record: string }>(db, 'incident-history/list-incidents', {
    states: page.filters.states ?? [],
    severities: page.filters.severities ?? [],
    channels: page.filters.channels ?? [],
    ids: page.filters.ids ?? [],
    orgs: page.filters.orgs ?? [],
    opened_until_ms: page.after?.openedAt.getTime() ?? latestMs,
    after_id: page.after?.incidentId ?? '',
    max_rows: page.maxRows,
  });
  return rows.map((row) => ({
    openedAt: new Date(row.opened_ms),
    change: JSON.parse(row.record) as IncidentChange,
  }));
}
