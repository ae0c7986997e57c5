-- What was sent, as its maker knows it: every event once, and where each message stands that has to be refused.

CREATE DATABASE IF NOT EXISTS truth;

CREATE TABLE truth.bugchecks
(
    source_partition UInt32,
    source_offset UInt64,
    event_id String,
    occurred_at DateTime64(3, 'UTC'),
    host_id String,
    org_id LowCardinality(String),
    country LowCardinality(String),
    os_build LowCardinality(String),
    bugcheck_code UInt32,
    bugcheck_parameters Array(UInt64),
    driver LowCardinality(String),
    driver_version LowCardinality(String),
    update_channel LowCardinality(String),
    update_version LowCardinality(String),
    fault_offset Nullable(UInt64),
    uptime_seconds Nullable(UInt64),
    recent_updates Array(Tuple(update_channel String, update_version String, applied_at DateTime64(3, 'UTC')))
)
ENGINE = MergeTree
ORDER BY (source_partition, source_offset);

CREATE TABLE truth.dead_letters (source_partition UInt32, source_offset UInt64, reason String)
ENGINE = MergeTree
ORDER BY (source_partition, source_offset);
