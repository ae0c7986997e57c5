import type { ClickHouseClient } from '@clickhouse/client';
import { otherStops } from '@ringwatch/bugcheck';
import { COMPLETE_AFTER_MS, type CrashHour } from '@ringwatch/detection';
import { regionOf } from '@ringwatch/rollout';
import { ask } from '../ask';
import type { ArrivalWindow } from './read-evidence';

/**
 * Distinct hosts that crashed, by driver, region and hour of event time, of what arrived in the window. The rollups cannot
 * say it: they have no arrival time, and in a replay would show what is still to come.
 */
export async function crashHours(db: ClickHouseClient, window: ArrivalWindow): Promise<CrashHour[]> {
  const rows = await ask<{ bucket: string; country: string; hour: number; hosts: number }>(db, 'evidence/crash-hours', {
    ...window,
    other_stops: otherStops,
    complete_after_ms: COMPLETE_AFTER_MS,
  });
  return rows.map(({ bucket, country, hour, hosts }) => ({ bucket, region: regionOf(country), hour, hosts }));
}
