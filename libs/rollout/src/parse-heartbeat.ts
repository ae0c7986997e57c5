import { FieldReader, JsonObject, Refusal } from '@ringwatch/message';

/** What a host runs on one channel. */
export interface RunningUpdate {
  update_channel: string;
  update_version: string;
}

/** One host was alive. It has no event id: a host beats once at a time. Times are milliseconds since 1970 UTC. */
export interface Heartbeat {
  occurred_at: number;
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  booted_at: number;
  updates: RunningUpdate[];
}

/** A heartbeat lists one entry a channel; what 256 KiB can hold is the only other limit. */
const MAX_CHANNELS = 65_536;

/** A message of the topic `heartbeats`, by the contract's types and limits. Never throws. */
export function parseHeartbeat(members: JsonObject, recordTimestamp: number): Heartbeat | Refusal {
  const read = new FieldReader(members);
  const heartbeat: Heartbeat = {
    occurred_at: read.eventTime('occurred_at', recordTimestamp),
    host_id: read.text('host_id', 1, 128),
    org_id: read.text('org_id', 1, 128),
    country: read.country('country'),
    os_build: read.text('os_build', 1, 64),
    booted_at: read.instant('booted_at'),
    updates: read.has('updates') ? read.objects('updates', MAX_CHANNELS, readRunningUpdate) : [],
  };
  return read.refusal ?? heartbeat;
}

function readRunningUpdate(read: FieldReader): RunningUpdate {
  return { update_channel: read.channel('update_channel', 0), update_version: read.text('update_version', 0, 64) };
}
