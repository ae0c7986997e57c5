-- What an event says, as one number at the end of the sorting key: copies of one event still collapse, but an event that comes
-- again under the same id with other content stays beside the first, until the audit has settled which of the two holds.
-- The hash is over what the producer said, never over where and when it came in. What may be null goes in as two values, so
-- that nothing and zero are told apart; lists carry their length. Each table is changed in two steps, since a key takes only
-- a column that was just added. Parts from before hold each event once, so that their order stays right with the new column.
-- (Adding zero makes -0.0 and 0.0 one fraction.)

ALTER TABLE bugchecks ADD COLUMN IF NOT EXISTS content_hash UInt64,
    MODIFY ORDER BY (toStartOfHour(occurred_at), driver, driver_version, occurred_at, event_id, content_hash);

ALTER TABLE bugchecks MODIFY COLUMN IF EXISTS content_hash UInt64 MATERIALIZED cityHash64(
    event_id, occurred_at, host_id, org_id, country, os_build, bugcheck_code, bugcheck_parameters, driver, driver_version,
    update_channel, update_version, isNull(fault_offset), ifNull(fault_offset, 0), isNull(uptime_seconds), ifNull(uptime_seconds, 0),
    tupleElement(recent_updates, 1), tupleElement(recent_updates, 2), tupleElement(recent_updates, 3)) CODEC(NONE);

ALTER TABLE updates ADD COLUMN IF NOT EXISTS content_hash UInt64,
    MODIFY ORDER BY (update_channel, update_version, occurred_at, event_id, content_hash);

ALTER TABLE updates MODIFY COLUMN IF EXISTS content_hash UInt64 MATERIALIZED cityHash64(
    event_id, occurred_at, action, update_channel, update_version, driver, replaces, ring, isNull(target_fraction),
    ifNull(target_fraction, 0) + 0, vendor, title, content_sha256) CODEC(NONE);

ALTER TABLE installs ADD COLUMN IF NOT EXISTS content_hash UInt64,
    MODIFY ORDER BY (toStartOfHour(occurred_at), update_channel, update_version, occurred_at, event_id, content_hash);

ALTER TABLE installs MODIFY COLUMN IF EXISTS content_hash UInt64 MATERIALIZED cityHash64(
    event_id, occurred_at, host_id, org_id, country, os_build, update_channel, update_version, outcome, driver,
    driver_version) CODEC(NONE);

ALTER TABLE heartbeats ADD COLUMN IF NOT EXISTS content_hash UInt64,
    MODIFY ORDER BY (toStartOfHour(occurred_at), host_id, occurred_at, content_hash);

ALTER TABLE heartbeats MODIFY COLUMN IF EXISTS content_hash UInt64 MATERIALIZED cityHash64(
    occurred_at, host_id, org_id, country, os_build, booted_at, tupleElement(updates, 1), tupleElement(updates, 2)) CODEC(NONE);
