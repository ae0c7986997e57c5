import type { ClickHouseClient } from '@clickhouse/client';
import type { IncidentChange } from '@ringwatch/incident';
import { ask } from '../ask';

/** Lists every change of one incident in order; none when there is no such incident. */
export async function incidentChanges(db: ClickHouseClient, incidentId: string): Promise<IncidentChange[]> {
  const rows = await ask<{ record: string }>(db, 'incident-history/incident-changes', { incident_id: incidentId });
  return rows.map((row) => JSON.parse(row.record) as IncidentChange);
}
