-- What the detector and the pages read instead of raw rows. Each is fed by materialized views with idempotent states only
-- (sets and minima), so that a repeated block changes nothing and a block that a crash tore is healed by its repetition.
-- A "first" is the least tuple that starts with the arrival time: the first arrival decides, whatever comes later.

-- One row a host: where and what it was when it was first heard of (its stratum), and its last sign of life.
CREATE TABLE IF NOT EXISTS hosts
(
    host_id String,
    first SimpleAggregateFunction(min, Tuple(received_at DateTime64(3, 'UTC'), occurred_at DateTime64(3, 'UTC'), org_id String, country String, os_build String)),
    last_seen_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY host_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS hosts_from_heartbeats TO hosts AS
SELECT host_id, min((received_at, occurred_at, toString(org_id), toString(country), toString(os_build))) AS first, max(occurred_at) AS last_seen_at
FROM heartbeats GROUP BY host_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS hosts_from_installs TO hosts AS
SELECT host_id, min((received_at, occurred_at, toString(org_id), toString(country), toString(os_build))) AS first, max(occurred_at) AS last_seen_at
FROM installs GROUP BY host_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS hosts_from_bugchecks TO hosts AS
SELECT host_id, min((received_at, occurred_at, toString(org_id), toString(country), toString(os_build))) AS first, max(occurred_at) AS last_seen_at
FROM bugchecks GROUP BY host_id;

-- One row per host and channel: since when it is known to run the channel, whatever the version. Only these hosts can be compared.
CREATE TABLE IF NOT EXISTS channel_hosts
(
    update_channel LowCardinality(String),
    host_id String,
    first SimpleAggregateFunction(min, Tuple(received_at DateTime64(3, 'UTC'), occurred_at DateTime64(3, 'UTC')))
)
ENGINE = AggregatingMergeTree
ORDER BY (update_channel, host_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS channel_hosts_from_heartbeats TO channel_hosts AS
SELECT tupleElement(run, 1) AS update_channel, host_id, min((received_at, occurred_at)) AS first
FROM heartbeats ARRAY JOIN updates AS run
GROUP BY update_channel, host_id;

CREATE MATERIALIZED VIEW IF NOT EXISTS channel_hosts_from_installs TO channel_hosts AS
SELECT update_channel, host_id, min((received_at, occurred_at)) AS first
FROM installs WHERE outcome = 'applied'
GROUP BY update_channel, host_id;

-- One row per host and update: when the host first applied it.
CREATE TABLE IF NOT EXISTS applied_updates
(
    update_channel LowCardinality(String),
    update_version LowCardinality(String),
    host_id String,
    first SimpleAggregateFunction(min, Tuple(received_at DateTime64(3, 'UTC'), occurred_at DateTime64(3, 'UTC')))
)
ENGINE = AggregatingMergeTree
ORDER BY (update_channel, update_version, host_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS applied_updates_from_installs TO applied_updates AS
SELECT update_channel, update_version, host_id, min((received_at, occurred_at)) AS first
FROM installs WHERE outcome = 'applied'
GROUP BY update_channel, update_version, host_id;

-- One row an update: when it was first heard of, announced or not.
CREATE TABLE IF NOT EXISTS known_updates
(
    update_channel LowCardinality(String),
    update_version String,
    first SimpleAggregateFunction(min, Tuple(received_at DateTime64(3, 'UTC'), occurred_at DateTime64(3, 'UTC')))
)
ENGINE = AggregatingMergeTree
ORDER BY (update_channel, update_version);

CREATE MATERIALIZED VIEW IF NOT EXISTS known_updates_from_updates TO known_updates AS
SELECT update_channel, update_version, min((received_at, occurred_at)) AS first
FROM updates WHERE action = 'shipped'
GROUP BY update_channel, update_version;

CREATE MATERIALIZED VIEW IF NOT EXISTS known_updates_from_installs TO known_updates AS
SELECT update_channel, toString(update_version) AS update_version, min((received_at, occurred_at)) AS first
FROM installs WHERE outcome = 'applied'
GROUP BY update_channel, update_version;

-- Crashes and hosts per minute of event time, for the pages: by driver and by the content it had loaded.
CREATE TABLE IF NOT EXISTS crashes_per_minute
(
    minute DateTime('UTC'),
    driver LowCardinality(String),
    driver_version LowCardinality(String),
    update_channel LowCardinality(String),
    update_version LowCardinality(String),
    crashes AggregateFunction(uniqExact, String),
    hosts AggregateFunction(uniqExact, String)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (driver, driver_version, update_channel, update_version, minute);

CREATE MATERIALIZED VIEW IF NOT EXISTS crashes_per_minute_from_bugchecks TO crashes_per_minute AS
SELECT toStartOfMinute(toDateTime(occurred_at, 'UTC')) AS minute, driver, driver_version, update_channel, update_version,
    uniqExactState(event_id) AS crashes, uniqExactState(host_id) AS hosts
FROM bugchecks
GROUP BY minute, driver, driver_version, update_channel, update_version;
