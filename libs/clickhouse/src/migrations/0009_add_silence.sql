-- The lives of sampled hosts and what was found in them, kept because heartbeats are not: a detector that starts anew goes on
-- from the last full hour. Instants of hosts' own clocks are milliseconds since 1970 UTC.

-- One row a sampled host and hour of arrival time: what its signs of life said up to then. `sample_level`: one host in
-- 2^sample_level was sampled at that hour.
CREATE TABLE IF NOT EXISTS host_lives
(
    noted_at DateTime64(3, 'UTC'),
    host_id String,
    org_id LowCardinality(String),
    country LowCardinality(String),
    os_build LowCardinality(String),
    sample_level UInt8,
    level UInt8,
    beat_at Nullable(Int64),
    least_delay_ms Nullable(Int64),
    last_sign_at Nullable(Int64),
    stopped_at Nullable(Int64),
    intervals Array(UInt32),
    known_since Nullable(Int64),
    broke_at Nullable(Int64),
    newest_day UInt32,
    hours Array(UInt32),
    judged_at Nullable(Int64),
    stored_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (noted_at, host_id)
TTL stored_at + INTERVAL 3 DAY;

-- One row a host that fell silent: what was known of it at the review `noted_at`.
CREATE TABLE IF NOT EXISTS silences
(
    noted_at DateTime64(3, 'UTC'),
    host_id String,
    org_id LowCardinality(String),
    country LowCardinality(String),
    os_build LowCardinality(String),
    kind LowCardinality(String),
    last_sign_at Int64,
    pace_ms UInt32,
    channels Array(LowCardinality(String)),
    applied Array(Tuple(update_channel String, update_version String, applied_at Int64)),
    stored_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (noted_at, host_id)
TTL stored_at + INTERVAL 30 DAY;

-- Beside them, for each update: how many hosts of the kind ran its channel and could have fallen silent, and how many of those
-- had taken it, by age.
CREATE TABLE IF NOT EXISTS silence_exposures
(
    noted_at DateTime64(3, 'UTC'),
    update_channel LowCardinality(String),
    update_version String,
    kind LowCardinality(String),
    eligible UInt32,
    treated Array(UInt32),
    recent UInt32,
    stored_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (noted_at, update_channel, update_version, kind)
TTL stored_at + INTERVAL 30 DAY;
