import type { ClickHouseClient } from '@clickhouse/client';
import type { Update } from '@ringwatch/rollout';
import { ask } from '../ask';
import { crashCountsForDays } from '../release-history/crashed-after-applying';

/** A host that applied the suspect and then crashed. Times are event times. */
export interface IncidentHost {
  hostId: string;
  orgId: string;
  country: string;
  osBuild: string;
  appliedAt: Date;
  firstCrashAt: Date;
  lastCrashAt: Date;
  crashes: number;
  namesSuspect: boolean;
  lastSeenAt: Date;
}

interface Row {
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  applied_ms: number;
  first_crash_ms: number;
  last_crash_ms: number;
  crashes: number;
  names_suspect: number | boolean;
  last_seen_ms: number;
}

/** Lists the hosts behind an incident by host_id, from `afterHostId` on: who is down, for the people who must go there. */
export async function incidentHosts(
  db: ClickHouseClient,
  suspect: Update,
  page: { afterHostId?: string; maxRows: number },
): Promise<IncidentHost[]> {
  const rows = await ask<Row>(db, 'incident-history/incident-hosts', {
    ...suspect,
    within_days: crashCountsForDays,
    after_host_id: page.afterHostId ?? '',
    max_rows: page.maxRows,
  });
  return rows.map((row) => ({
    hostId: row.host_id,
    orgId: row.org_id,
    country: row.country,
    osBuild: row.os_build,
    appliedAt: new Date(row.applied_ms),
    firstCrashAt: new Date(row.first_crash_ms),
    lastCrashAt: new Date(row.last_crash_ms),
    crashes: row.crashes,
    namesSuspect: Boolean(row.names_suspect),
    lastSeenAt: new Date(row.last_seen_ms),
  }));
}
