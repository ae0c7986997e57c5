import type { ClickHouseClient } from '@clickhouse/client';
import { ask } from '../ask';
import { toDateTime64 } from './store-events';

/** The arrival clock of one partition: all that arrived before `closedUntil` (ms since 1970 UTC) is stored. */
export interface ArrivalClock {
  topic: string;
  partition: number;
  closedUntil: number;
}

/** Reads every partition's arrival clock. */
export async function readArrivalClocks(db: ClickHouseClient): Promise<ArrivalClock[]> {
  const rows = await ask<{ topic: string; source_partition: number; closed_until: number }>(
    db,
    'intake/arrival-clocks',
    {},
  );
  return rows.map((row) => ({ topic: row.topic, partition: row.source_partition, closedUntil: row.closed_until }));
}

/** Writes arrival clocks. A clock never goes back: an older value than the stored one changes nothing. */
export async function writeArrivalClocks(db: ClickHouseClient, clocks: readonly ArrivalClock[]): Promise<void> {
  if (clocks.length === 0) return;
  await db.insert({
    table: 'arrival_clocks',
    values: clocks.map((clock) => ({
      topic: clock.topic,
      source_partition: clock.partition,
      closed_until: toDateTime64(clock.closedUntil),
    })),
    format: 'JSONEachRow',
  });
}
