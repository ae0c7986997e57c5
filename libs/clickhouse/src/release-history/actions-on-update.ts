import type { ClickHouseClient } from '@clickhouse/client';
import type { Update } from '@ringwatch/rollout';
import { ask } from '../ask';

/** One thing that the vendor did with an update. */
export interface ActionOnUpdate {
  at: Date;
  action: string;
  ring: string | null;
  targetFraction: number | null;
}

interface Row {
  occurred_ms: number;
  action: string;
  ring: string;
  target_fraction: number | null;
}

/** Lists the actions on one update by event time. */
export async function actionsOnUpdate(db: ClickHouseClient, update: Update): Promise<ActionOnUpdate[]> {
  const rows = await ask<Row>(db, 'release-history/actions-on-update', { ...update });
  return rows.map((row) => ({
    at: new Date(row.occurred_ms),
    action: row.action,
    ring: row.ring || null,
    targetFraction: row.target_fraction,
  }));
}
