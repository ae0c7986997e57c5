import type { ClickHouseClient } from '@clickhouse/client';
import { IncidentChange, incidentChangeSchema } from '@ringwatch/incident';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';

/** The last tick that a detector finished, ms since 1970 UTC; undefined when it never finished one. */
export async function decidedUntil(db: ClickHouseClient, detector: string): Promise<number | undefined> {
  const [row] = await ask<{ decided_until: number }>(db, 'decisions/decided-until', { detector });
  return row?.decided_until;
}

/** Notes that all ticks up to this one are decided, and what was decided is stored. It never goes back. */
export async function writeDecidedUntil(db: ClickHouseClient, detector: string, until: number): Promise<void> {
  await db.insert({
    table: 'detector_progress',
    values: [{ detector, decided_until: toDateTime64(until) }],
    format: 'JSONEachRow',
  });
}

/** When anything arrived first, ms since 1970 UTC; undefined when nothing has. */
export async function firstArrival(db: ClickHouseClient): Promise<number | undefined> {
  const [row] = await ask<{ received_at: number }>(db, 'decisions/first-arrival', {});
  return row && row.received_at > 0 ? row.received_at : undefined;
}

/** The last change of each incident that was decided up to a tick. */
export async function incidentsUntil(db: ClickHouseClient, until: number): Promise<IncidentChange[]> {
  const rows = await ask<{ record: string }>(db, 'decisions/incidents-until', { until });
  return rows.map((row) => incidentChangeSchema.parse(JSON.parse(row.record)));
}

/** Stores changes of incidents; the same change may be stored again. */
export async function storeIncidentChanges(db: ClickHouseClient, changes: readonly IncidentChange[]): Promise<void> {
  if (changes.length === 0) return;
  await db.insert({ table: 'incidents', values: changes.map(toRow), format: 'JSONEachRow' });
}

function toRow(change: IncidentChange): Record<string, unknown> {
  const { incident_id, sequence, state, severity, scope, signal, recommendation, suspect } = change;
  return {
    incident_id,
    sequence,
    state,
    change: change.change,
    severity,
    scope,
    signal,
    recommendation,
    detected_at: toDateTime64(Date.parse(change.detected_at)),
    opened_at: toDateTime64(Date.parse(change.opened_at)),
    first_crash_at: change.first_crash_at === null ? null : toDateTime64(Date.parse(change.first_crash_at)),
    update_channel: suspect.update_channel,
    update_version: suspect.update_version,
    driver: suspect.driver,
    suspect: JSON.stringify(suspect),
    other_suspects: JSON.stringify(change.other_suspects),
    evidence: JSON.stringify(change.evidence),
    record: JSON.stringify(change),
  };
}
