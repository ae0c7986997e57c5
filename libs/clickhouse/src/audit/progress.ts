import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';

/** How far an audit is with one partition: `until` is an offset, or a moment in milliseconds since 1970 UTC. */
export interface AuditPosition {
  topic: string;
  partition: number;
  until: number;
}

/** Where the audit of this name has got to; empty before its first run. */
export async function readAuditProgress(db: ClickHouseClient, audit: string): Promise<AuditPosition[]> {
  const rows = await ask<{ topic: string; source_partition: number; until: number }>(db, 'audit/progress', { audit });
  return rows.map(({ topic, source_partition, until }) => ({ topic, partition: source_partition, until }));
}

/** Notes where the audit of this name has got to. What is written last counts, also when it is less than before. */
export async function writeAuditProgress(
  db: ClickHouseClient,
  audit: string,
  positions: readonly AuditPosition[],
): Promise<void> {
  if (positions.length === 0) return;
  const values = positions.map(({ topic, partition, until }) => ({ audit, topic, source_partition: partition, until }));
  await db.insert({ table: 'audit_progress', values, format: 'JSONEachRow' });
}
