/**
 * By what the rows of each table are spread over shards. Copies of one row must meet, so each key is a column of the
 * sorting key, or of the content of the event that stands there; what belongs to a host lies with the host, so that its states are made where its rows are.
 */
export const shardKeys: Readonly<Record<string, string>> = {
  api_audit: 'entry_id',
  api_keys: 'key_id',
  applied_updates: 'host_id',
  arrival_clocks: 'topic',
  audit_progress: 'audit',
  awake_hosts: 'update_channel',
  benign_updates: 'update_channel',
  bugchecks: 'host_id',
  changed_hours: 'hour',
  channel_hosts: 'host_id',
  conflicts: 'event_id',
  crashes_per_5_minutes: 'bucket',
  crashes_per_hour: 'bucket',
  crashes_per_minute: 'minute', // deleted again by a later migration
  dead_letters: 'source_offset',
  deliveries: 'incident_id',
  detector_progress: 'detector',
  erasures: 'id',
  heartbeats: 'host_id',
  host_lives: 'host_id',
  hosts: 'host_id',
  incident_actions: 'incident_id',
  incidents: 'incident_id',
  installs: 'host_id',
  judgements: 'update_channel',
  known_updates: 'update_channel',
  named_updates: 'update_channel',
  redriven_letters: 'source_offset',
  rolled_hours: 'hour',
  schema_migrations: 'file',
  silence_exposures: 'update_channel',
  silences: 'host_id',
  updates: 'update_channel',
};
