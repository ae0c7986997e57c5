-- The four inputs as they arrived, one row an event.
-- ReplacingMergeTree, since the road is at least once: copies of one event have the same sorting key, and the copy that
-- arrived first stays (`precedence` falls as arrival rises). Read with FINAL wherever a copy may not count.
-- The sorting key starts with the hour of the event, so that a window of arrival time touches few granules (index `arrived`).

CREATE TABLE IF NOT EXISTS bugchecks
(
    event_id String CODEC(ZSTD(1)),
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    host_id String CODEC(ZSTD(1)),
    org_id LowCardinality(String),
    country LowCardinality(String),
    os_build LowCardinality(String),
    bugcheck_code UInt32,
    bugcheck_parameters Array(UInt64) CODEC(ZSTD(1)),
    driver LowCardinality(String),
    driver_version LowCardinality(String),
    update_channel LowCardinality(String),
    update_version LowCardinality(String),
    fault_offset Nullable(UInt64),
    uptime_seconds Nullable(UInt64),
    recent_updates Array(Tuple(update_channel String, update_version String, applied_at DateTime64(3, 'UTC'))) CODEC(ZSTD(1)),
    source_partition UInt32,
    source_offset UInt64,
    stored_at DateTime DEFAULT now() CODEC(Delta, ZSTD(1)),
    precedence UInt64 MATERIALIZED 0xFFFFFFFFFFFFFFFF - toUInt64(toUnixTimestamp64Milli(received_at)),
    INDEX arrived received_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (toStartOfHour(occurred_at), driver, driver_version, occurred_at, event_id)
TTL stored_at + INTERVAL 90 DAY;

CREATE TABLE IF NOT EXISTS updates
(
    event_id String,
    occurred_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    action LowCardinality(String),
    update_channel LowCardinality(String),
    update_version String,
    driver LowCardinality(String),
    replaces String,
    ring LowCardinality(String),
    target_fraction Nullable(Float64),
    vendor LowCardinality(String),
    title String,
    content_sha256 String,
    source_partition UInt32,
    source_offset UInt64,
    stored_at DateTime DEFAULT now(),
    precedence UInt64 MATERIALIZED 0xFFFFFFFFFFFFFFFF - toUInt64(toUnixTimestamp64Milli(received_at))
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (update_channel, update_version, occurred_at, event_id);

CREATE TABLE IF NOT EXISTS installs
(
    event_id String CODEC(ZSTD(1)),
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    host_id String CODEC(ZSTD(1)),
    org_id LowCardinality(String),
    country LowCardinality(String),
    os_build LowCardinality(String),
    update_channel LowCardinality(String),
    update_version LowCardinality(String),
    outcome LowCardinality(String),
    driver LowCardinality(String),
    driver_version LowCardinality(String),
    source_partition UInt32,
    source_offset UInt64,
    stored_at DateTime DEFAULT now() CODEC(Delta, ZSTD(1)),
    precedence UInt64 MATERIALIZED 0xFFFFFFFFFFFFFFFF - toUInt64(toUnixTimestamp64Milli(received_at)),
    INDEX arrived received_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (toStartOfHour(occurred_at), update_channel, update_version, occurred_at, event_id)
TTL stored_at + INTERVAL 90 DAY;

-- Heartbeats have no event_id: a host beats once at a time. They are kept for days only.
CREATE TABLE IF NOT EXISTS heartbeats
(
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    host_id String CODEC(ZSTD(1)),
    org_id LowCardinality(String),
    country LowCardinality(String),
    os_build LowCardinality(String),
    booted_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    updates Array(Tuple(update_channel LowCardinality(String), update_version LowCardinality(String))) CODEC(ZSTD(1)),
    source_partition UInt32,
    source_offset UInt64,
    stored_at DateTime DEFAULT now() CODEC(Delta, ZSTD(1)),
    precedence UInt64 MATERIALIZED 0xFFFFFFFFFFFFFFFF - toUInt64(toUnixTimestamp64Milli(received_at)),
    INDEX arrived received_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(precedence)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (toStartOfHour(occurred_at), host_id, occurred_at)
TTL stored_at + INTERVAL 7 DAY;

-- What ingest refused, with its bytes: once a source offset. JSON cannot carry raw bytes, so they come as base64.
CREATE TABLE IF NOT EXISTS dead_letters
(
    source_topic LowCardinality(String),
    source_partition UInt32,
    source_offset UInt64,
    source_timestamp DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    reason LowCardinality(String),
    field LowCardinality(String),
    detail String,
    key String DEFAULT base64Decode(key_base64),
    payload String DEFAULT base64Decode(payload_base64) CODEC(ZSTD(1)),
    key_base64 String EPHEMERAL,
    payload_base64 String EPHEMERAL,
    stored_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY (source_topic, source_partition, source_offset)
TTL stored_at + INTERVAL 14 DAY;
