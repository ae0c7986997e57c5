-- Crashes and hosts per 5 minutes and per hour of event time, as plain numbers that are made again from the raw rows whenever
-- an hour has changed. The sets of `crashes_per_minute` go: they cost more than the raw rows to write, to merge and to read.
-- `changed_hours` says when an hour last got or lost a row, `rolled_hours` from when its counts are. An hour whose last change is
-- not older than its counts is dirty: it is read from the raw rows. docs/adr/0006-crash-counts.md gives the reasons.

DROP VIEW IF EXISTS crashes_per_minute_from_bugchecks;

DROP TABLE IF EXISTS crashes_per_minute;

CREATE TABLE IF NOT EXISTS changed_hours
(
    hour DateTime('UTC'),
    changed_at SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY hour
TTL toDateTime(changed_at) + INTERVAL 91 DAY;

-- `started_at` is written before the raw rows are read, `rolled_at` (the same moment) when the counts are stored.
CREATE TABLE IF NOT EXISTS rolled_hours
(
    hour DateTime('UTC'),
    started_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    rolled_at SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY hour
TTL toDateTime(started_at) + INTERVAL 91 DAY;

-- The day comes first in the sorting key: within it a driver's rows lie together, and a window of hours skips the other days.
-- A row counts only if its `rolled_at` is not before that of its hour in `rolled_hours`. Rows without crashes are groups that vanished.
CREATE TABLE IF NOT EXISTS crashes_per_5_minutes
(
    bucket DateTime('UTC') CODEC(Delta, ZSTD(1)),
    driver LowCardinality(String),
    driver_version LowCardinality(String),
    update_channel LowCardinality(String),
    update_version LowCardinality(String),
    crashes UInt32 CODEC(T64, ZSTD(1)),
    hosts UInt32 CODEC(T64, ZSTD(1)),
    rolled_at DateTime64(6, 'UTC') CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(rolled_at)
PARTITION BY toYYYYMM(bucket)
ORDER BY (toDate(bucket), driver, driver_version, update_channel, update_version, bucket)
TTL toDateTime(rolled_at) + INTERVAL 90 DAY;

-- `host_sketch` estimates the hosts of several hours together (error 0.3 %). Small granules: it is read for few groups at a time.
CREATE TABLE IF NOT EXISTS crashes_per_hour
(
    bucket DateTime('UTC') CODEC(Delta, ZSTD(1)),
    driver LowCardinality(String),
    driver_version LowCardinality(String),
    update_channel LowCardinality(String),
    update_version LowCardinality(String),
    crashes UInt32 CODEC(T64, ZSTD(1)),
    hosts UInt32 CODEC(T64, ZSTD(1)),
    host_sketch AggregateFunction(uniqCombined(17), UInt64) CODEC(NONE),
    rolled_at DateTime64(6, 'UTC') CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(rolled_at)
PARTITION BY toYYYYMM(bucket)
ORDER BY (toDate(bucket), driver, driver_version, update_channel, update_version, bucket)
TTL toDateTime(rolled_at) + INTERVAL 90 DAY
SETTINGS index_granularity = 256;

-- What is stored already waits to be rolled up.
INSERT INTO changed_hours (hour, changed_at)
SELECT DISTINCT toStartOfHour(toDateTime(occurred_at, 'UTC')), now64(6) FROM bugchecks;
