import type { ClickHouseClient } from '@clickhouse/client';
import type { BenignUpdate } from '@ringwatch/detection';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';

/** What a detector noted of innocent updates up to a tick (ms), that tick included. */
export async function benignUpdates(db: ClickHouseClient, detector: string, until: number): Promise<BenignUpdate[]> {
  type Row = { update_channel: string; update_version: string; relative_risk: number; noted_at: number };
  const rows = await ask<Row>(db, 'evidence/benign-updates', { detector, until });
  return rows.map((row) => ({
    update: { channel: row.update_channel, version: row.update_version },
    relativeRisk: row.relative_risk,
    notedAt: row.noted_at,
  }));
}

/** Notes it, for a detector that starts anew. The same may be noted again. */
export async function noteBenignUpdates(
  db: ClickHouseClient,
  detector: string,
  noted: readonly BenignUpdate[],
): Promise<void> {
  if (noted.length === 0) return;
  const values = noted.map(({ update, relativeRisk, notedAt }) => ({
    detector,
    update_channel: update.channel,
    update_version: update.version,
    relative_risk: relativeRisk,
    noted_at: toDateTime64(notedAt),
  }));
  await db.insert({ table: 'benign_updates', values, format: 'JSONEachRow' });
}
