import type { ClickHouseClient } from '@clickhouse/client';
import { type InputEvents, type InputTopic, tableOf } from '@ringwatch/inputs';

/** An event as ingest hands it over: what was said, when it arrived (ms since 1970 UTC), and where in Kafka it stands. */
export interface Arrived<Event> {
  event: Event;
  receivedAt: number;
  partition: number;
  offset: bigint;
}

/** Rows of one insert: bounds what is held as text, whatever a compressed batch turns out to hold. */
const ROWS_AT_ONCE = 20_000;

const timeFields = ['occurred_at', 'booted_at', 'muted_until'] as const;

/**
 * Stores events; resolves when ClickHouse has the rows and all that is derived from them. Safe to repeat: copies of one
 * event have one sorting key. @throws when ClickHouse did not take them, or when it is not known whether it did.
 */
export async function storeEvents<Topic extends InputTopic>(
  db: ClickHouseClient,
  topic: Topic,
  arrived: ReadonlyArray<Arrived<InputEvents[Topic]>>,
): Promise<void> {
  for (let start = 0; start < arrived.length; start += ROWS_AT_ONCE) {
    const values = arrived.slice(start, start + ROWS_AT_ONCE).map(toRow);
    await db.insert({ table: tableOf(topic), values, format: 'JSONEachRow' });
  }
}

function toRow({
  event,
  receivedAt,
  partition,
  offset,
}: Arrived<InputEvents[keyof InputEvents]>): Record<string, unknown> {
  const row: Record<string, unknown> = {
    ...event,
    received_at: toDateTime64(receivedAt),
    source_partition: partition,
    source_offset: offset.toString(),
  };
  for (const name of timeFields) if (typeof row[name] === 'number') row[name] = toDateTime64(row[name]);
  if ('recent_updates' in event) {
    row['bugcheck_parameters'] = event.bugcheck_parameters.map(String);
    row['fault_offset'] = event.fault_offset?.toString() ?? null;
    row['uptime_seconds'] = event.uptime_seconds?.toString() ?? null;
    row['recent_updates'] = event.recent_updates.map((each) => ({
      ...each,
      applied_at: toDateTime64(each.applied_at),
    }));
  }
  return row;
}

/** DateTime64 holds 1900 to 2299; a host's clock can say anything else (a FILETIME of zero is 1601). */
const LEAST = Date.UTC(1900, 0, 1);
const MOST = Date.UTC(2299, 11, 31);

/** Milliseconds since 1970 as ClickHouse reads a DateTime64(3) in UTC. */
export function toDateTime64(instant: number): string {
  return new Date(Math.min(MOST, Math.max(LEAST, instant))).toISOString().slice(0, 23).replace('T', ' ');
}
