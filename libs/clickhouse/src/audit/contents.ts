import type { ClickHouseClient } from '@clickhouse/client';
import type { InputEvents, InputTopic } from '@ringwatch/inputs';
import { ask } from '../ask';
import { toDateTime64 } from '../intake/store-events';

/**
 * What an event says, in a form that is equal for equal events: the canonical fields in the contract's order, times in
 * milliseconds since 1970 UTC (as far as the store can hold them), 64-bit values as decimal text.
 */
export type Content = readonly unknown[];

/** The canonical fields of each input, in the order of a `Content`. */
export const contentFields: { readonly [Topic in InputTopic]: ReadonlyArray<keyof InputEvents[Topic] & string> } = {
  bugchecks: [
    'event_id',
    'occurred_at',
    'host_id',
    'org_id',
    'country',
    'os_build',
    'bugcheck_code',
    'bugcheck_parameters',
    'driver',
    'driver_version',
    'update_channel',
    'update_version',
    'fault_offset',
    'uptime_seconds',
    'recent_updates',
  ],
  updates: [
    'event_id',
    'occurred_at',
    'action',
    'update_channel',
    'update_version',
    'driver',
    'replaces',
    'ring',
    'target_fraction',
    'vendor',
    'title',
    'content_sha256',
  ],
  installs: [
    'event_id',
    'occurred_at',
    'host_id',
    'org_id',
    'country',
    'os_build',
    'update_channel',
    'update_version',
    'outcome',
    'driver',
    'driver_version',
  ],
  heartbeats: ['occurred_at', 'host_id', 'org_id', 'country', 'os_build', 'booted_at', 'updates'],
  'incident-actions': [
    'event_id',
    'occurred_at',
    'incident_id',
    'action',
    'actor',
    'assignee',
    'muted_until',
    'muted_factor',
    'text',
  ],
};

/** Fields that say when: they end in `_at` or `_until`. */
export const isInstant = (field: string): boolean => /_(at|until)$/.test(field);

/** What an event says. */
export function contentOf<Topic extends InputTopic>(topic: Topic, event: InputEvents[Topic]): Content {
  return contentFields[topic].map((field) => comparable(event[field], field));
}

/** One text for one content. */
export const contentKey = (content: Content): string => JSON.stringify(content);

function comparable(value: unknown, field: string): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return isInstant(field) ? storable(value) : value + 0;
  if (!Array.isArray(value)) return value;
  return value.map((each: unknown) =>
    typeof each === 'object' && each !== null
      ? Object.entries(each).map(([name, inner]) => comparable(inner, name))
      : comparable(each, ''),
  );
}

/** An instant as it comes back from the store, which holds less than a host's clock can say. */
const storable = (instant: number) => Date.parse(`${toDateTime64(instant).replace(' ', 'T')}Z`);

interface OffsetRow {
  source_offset: number;
  content: unknown[];
}

/** Contents of the rows that came from these offsets of a partition (`first` to `last`, both inclusive), copies included. */
export async function contentsAtOffsets(
  db: ClickHouseClient,
  topic: InputTopic,
  range: { partition: number; first: number; last: number },
): Promise<Array<{ offset: number; content: Content }>> {
  const { partition, first, last } = range;
  const values = { source_partition: partition, first, last };
  const rows = await ask<OffsetRow>(db, atOffsets[topic], values);
  return rows.map(({ source_offset, content }) => ({ offset: source_offset, content: asContent(content) }));
}

/** A row under an id: where it came from, when it arrived (ms since 1970 UTC), and what it says. */
export interface RowOfId {
  partition: number;
  offset: number;
  receivedAt: number;
  /** 64 bits as decimal text. */
  contentHash: string;
  content: Content;
}

/** The rows under these ids (of heartbeats: of these hosts) with an event time in an hour of `instants`, copies included. */
export async function rowsOfIds(
  db: ClickHouseClient,
  topic: InputTopic,
  wanted: { ids: readonly string[]; instants: readonly number[] },
): Promise<RowOfId[]> {
  const values = topic === 'updates' || topic === 'incident-actions' ? { ids: wanted.ids } : { ...wanted };
  const rows = await ask<OffsetRow & { source_partition: number; received_ms: number; content_hash_text: string }>(
    db,
    ofIds[topic],
    values,
  );
  return rows.map((row) => ({
    partition: row.source_partition,
    offset: row.source_offset,
    receivedAt: row.received_ms,
    contentHash: row.content_hash_text,
    content: asContent(row.content),
  }));
}

/** The server may give a tuple as a list or, when it has names for its parts, as an object. */
function asContent(value: unknown): Content {
  return Object.values(value as object).map((each: unknown) =>
    Array.isArray(each)
      ? each.map((inner: unknown) => (typeof inner === 'object' && inner !== null ? Object.values(inner) : inner))
      : each,
  );
}

const atOffsets: Record<InputTopic, string> = {
  bugchecks: 'audit/bugchecks-at-offsets',
  updates: 'audit/updates-at-offsets',
  installs: 'audit/installs-at-offsets',
  heartbeats: 'audit/heartbeats-at-offsets',
  'incident-actions': 'audit/incident-actions-at-offsets',
};
const ofIds: Record<InputTopic, string> = {
  bugchecks: 'audit/bugchecks-of-ids',
  updates: 'audit/updates-of-ids',
  installs: 'audit/installs-of-ids',
  heartbeats: 'audit/heartbeats-of-ids',
  'incident-actions': 'audit/incident-actions-of-ids',
};
