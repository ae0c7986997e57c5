/** A bugcheck as it goes over the wire. */
export interface BugcheckRecord {
  event_id: string;
  occurred_at: string;
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  bugcheck_code: string | number;
  bugcheck_parameters: (string | number)[];
  driver: string;
  driver_version: string;
  update_channel: string;
  update_version: string;
  fault_offset?: string;
  uptime_seconds: number;
  recent_updates: { update_channel: string; update_version: string; applied_at: string }[];
}

/** What the vendor did with an update, as it goes over the wire. */
export interface UpdateRecord {
  event_id: string;
  occurred_at: string;
  action: 'shipped' | 'expanded' | 'paused' | 'withdrawn';
  update_channel: string;
  update_version: string;
  driver: string;
  replaces?: string;
  ring?: string;
  target_fraction?: number;
  vendor?: string;
  title?: string;
  content_sha256: string;
}

/** One host and one update, as it goes over the wire. */
export interface InstallRecord {
  event_id: string;
  occurred_at: string;
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  update_channel: string;
  update_version: string;
  outcome: 'applied' | 'removed' | 'failed';
  driver: string;
  driver_version: string;
}

/** A sign of life, as it goes over the wire. */
export interface HeartbeatRecord {
  occurred_at: string;
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  booted_at: string;
  updates: { update_channel: string; update_version: string }[];
}

/**
 * One message of the simulated fleet: the topic and key it goes to, when it arrives there (milliseconds since 1970,
 * shifted like all its times), and its value, ready to be written as JSON.
 */
export type FleetRecord = { key: string; arrivesAtMs: number } & (
  | { topic: 'bugchecks'; value: BugcheckRecord }
  | { topic: 'updates'; value: UpdateRecord }
  | { topic: 'installs'; value: InstallRecord }
  | { topic: 'heartbeats'; value: HeartbeatRecord }
);

/** The four input topics of the contract. */
export const FLEET_TOPICS = ['bugchecks', 'updates', 'installs', 'heartbeats'] as const;
