import { FieldReader, JsonObject, Refusal } from '@ringwatch/message';

export const updateActions = ['shipped', 'expanded', 'paused', 'withdrawn'] as const;

/** What the vendor did with a release. Times are milliseconds since 1970 UTC; texts that were not given are empty. */
export interface UpdateAction {
  event_id: string;
  occurred_at: number;
  action: (typeof updateActions)[number];
  update_channel: string;
  update_version: string;
  driver: string;
  replaces: string;
  ring: string;
  target_fraction: number | null;
  vendor: string;
  title: string;
  content_sha256: string;
}

/** A message of the topic `updates`, by the contract's types and limits. Never throws. */
export function parseUpdateAction(members: JsonObject, recordTimestamp: number): UpdateAction | Refusal {
  const read = new FieldReader(members);
  const text = (name: string, max: number) => (read.has(name) ? read.text(name, 0, max) : '');
  const update: UpdateAction = {
    event_id: read.eventId('event_id'),
    occurred_at: read.eventTime('occurred_at', recordTimestamp),
    action: read.word('action', updateActions),
    update_channel: read.channel('update_channel', 1),
    update_version: read.text('update_version', 1, 64),
    driver: text('driver', 128).toLowerCase(),
    replaces: text('replaces', 64),
    ring: text('ring', 128),
    target_fraction: read.has('target_fraction') ? read.number('target_fraction', 0, 1) : null,
    vendor: text('vendor', 128),
    title: text('title', 1024),
    content_sha256: text('content_sha256', 128),
  };
  return read.refusal ?? update;
}
