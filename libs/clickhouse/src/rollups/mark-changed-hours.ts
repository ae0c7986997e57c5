import type { ClickHouseClient } from '@clickhouse/client';
import { tell } from '../tell';
import { startOfHour, toSeconds } from './hours';

/**
 * Says that bugchecks were stored in, or deleted from, the hours of these instants of event time (milliseconds since 1970;
 * any instant of an hour stands for it, repetitions are free). To be called when the rows are in, and before anybody is told
 * so: until then an answer may leave them out. Safe to repeat. @throws when it is not known to be written
 */
export async function markChangedHours(db: ClickHouseClient, instants: Iterable<number>): Promise<void> {
  const hours = new Set<number>();
  for (const ms of instants) hours.add(toSeconds(startOfHour(ms)));
  if (hours.size > 0) await tell(db, 'rollups/mark-changed-hours', { hours: [...hours] });
}
