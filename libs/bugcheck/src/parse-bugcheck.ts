import { FieldReader, JsonObject, Refusal } from '@ringwatch/message';

/** An update that a host had applied before it stopped. */
export interface RecentUpdate {
  update_channel: string;
  update_version: string;
  applied_at: number;
}

/**
 * One Windows stop on one host, in canonical form: names are the contract's, times milliseconds since 1970 UTC, the driver
 * and `driver:<image>` channels in lower case, 64-bit values exact.
 */
export interface Bugcheck {
  event_id: string;
  occurred_at: number;
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  bugcheck_code: number;
  bugcheck_parameters: bigint[];
  driver: string;
  driver_version: string;
  update_channel: string;
  update_version: string;
  fault_offset: bigint | null;
  uptime_seconds: bigint | null;
  recent_updates: RecentUpdate[];
}

/** A message of the topic `bugchecks`, by the contract's types and limits; `recordTimestamp` is its Kafka timestamp in ms. Never throws. */
export function parseBugcheck(members: JsonObject, recordTimestamp: number): Bugcheck | Refusal {
  const read = new FieldReader(members);
  const bugcheck: Bugcheck = {
    event_id: read.eventId('event_id'),
    occurred_at: read.eventTime('occurred_at', recordTimestamp),
    host_id: read.text('host_id', 1, 128),
    org_id: read.text('org_id', 1, 128),
    country: read.country('country'),
    os_build: read.text('os_build', 1, 64),
    bugcheck_code: Number(read.unsigned('bugcheck_code', 32)),
    bugcheck_parameters: read.unsignedList('bugcheck_parameters', 4, 64),
    driver: read.text('driver', 1, 128).toLowerCase(),
    driver_version: read.text('driver_version', 0, 64),
    update_channel: read.channel('update_channel', 0),
    update_version: read.text('update_version', 0, 64),
    fault_offset: read.has('fault_offset') ? read.unsigned('fault_offset', 64) : null,
    uptime_seconds: read.has('uptime_seconds') ? read.count('uptime_seconds') : null,
    recent_updates: read.has('recent_updates') ? read.objects('recent_updates', 32, readRecentUpdate) : [],
  };
  return read.refusal ?? bugcheck;
}

function readRecentUpdate(read: FieldReader): RecentUpdate {
  return {
    update_channel: read.channel('update_channel', 0),
    update_version: read.text('update_version', 0, 64),
    applied_at: read.instant('applied_at'),
  };
}
