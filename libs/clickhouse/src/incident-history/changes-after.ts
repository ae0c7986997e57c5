import type { ClickHouseClient } from '@clickhouse/client';
import type { IncidentChange } from '@ringwatch/incident';
import { ask } from '../ask';

/** A place in the order of decisions: by tick (ms since 1970 UTC), then by incident, then by sequence. */
export interface ChangePosition {
  detectedMs: number;
  incidentId: string;
  sequence: number;
}

/** The place before all changes. */
export const beforeAllChanges: ChangePosition = { detectedMs: 0, incidentId: '', sequence: 0 };

type Row = { detected_ms: number; incident_id: string; sequence: number };

/** Lists what happened to incidents behind a place, in order. */
export async function changesAfter(
  db: ClickHouseClient,
  after: ChangePosition,
  maxRows: number,
): Promise<Array<{ position: ChangePosition; change: IncidentChange }>> {
  const rows = await ask<Row & { record: string }>(db, 'incident-history/changes-after', {
    after_ms: after.detectedMs,
    after_incident_id: after.incidentId,
    after_sequence: after.sequence,
    max_rows: maxRows,
  });
  return rows.map((row) => ({ position: toPosition(row), change: JSON.parse(row.record) as IncidentChange }));
}

/** The place of the last change. */
export async function newestChange(db: ClickHouseClient): Promise<ChangePosition> {
  const [row] = await ask<Row>(db, 'incident-history/newest-change', {});
  return row ? toPosition(row) : beforeAllChanges;
}

/** Negative, zero or positive, as `a` comes before, is, or comes behind `b`. */
export function compareChanges(a: ChangePosition, b: ChangePosition): number {
  if (a.detectedMs !== b.detectedMs) return a.detectedMs - b.detectedMs;
  if (a.incidentId !== b.incidentId) return a.incidentId < b.incidentId ? -1 : 1;
  return a.sequence - b.sequence;
}

function toPosition({ detected_ms, incident_id, sequence }: Row): ChangePosition {
  return { detectedMs: detected_ms, incidentId: incident_id, sequence };
}
