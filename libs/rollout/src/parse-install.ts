import { FieldReader, JsonObject, Refusal } from '@ringwatch/message';

export const installOutcomes = ['applied', 'removed', 'failed'] as const;

/** One host received one update. Times are milliseconds since 1970 UTC; texts that were not given are empty. */
export interface Install {
  event_id: string;
  occurred_at: number;
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  update_channel: string;
  update_version: string;
  outcome: (typeof installOutcomes)[number];
  driver: string;
  driver_version: string;
}

/** A message of the topic `installs`, by the contract's types and limits. Never throws. */
export function parseInstall(members: JsonObject, recordTimestamp: number): Install | Refusal {
  const read = new FieldReader(members);
  const install: Install = {
    event_id: read.eventId('event_id'),
    occurred_at: read.eventTime('occurred_at', recordTimestamp),
    host_id: read.text('host_id', 1, 128),
    org_id: read.text('org_id', 1, 128),
    country: read.country('country'),
    os_build: read.text('os_build', 1, 64),
    update_channel: read.channel('update_channel', 1),
    update_version: read.text('update_version', 1, 64),
    outcome: read.word('outcome', installOutcomes),
    driver: read.has('driver') ? read.text('driver', 0, 128).toLowerCase() : '',
    driver_version: read.has('driver_version') ? read.text('driver_version', 0, 64) : '',
  };
  return read.refusal ?? install;
}
