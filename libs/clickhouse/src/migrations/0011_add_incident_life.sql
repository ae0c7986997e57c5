-- What people do with incidents, as it arrived, and what is known of each update between alarms.

-- The input `incident-actions`: one row an action, kept like the other inputs (copies of one event have one sorting key, the
-- copy that arrived first stays). It is little, and replays need all of it: no TTL.
CREATE TABLE IF NOT EXISTS incident_actions
(
    event_id String,
    occurred_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    incident_id String,
    action LowCardinality(String),
    actor String,
    assignee String,
    muted_until Nullable(DateTime64(3, 'UTC')),
    muted_factor Nullable(Float64),
    text String,
    source_partition UInt32,
    source_offset UInt64,
    stored_at DateTime DEFAULT now(),
    precedence UInt64 MATERIALIZED 0xFFFFFFFFFFFFFFFF - toUInt64(toUnixTimestamp64Milli(received_at)),
    content_hash UInt64 MATERIALIZED cityHash64(
        event_id, occurred_at, incident_id, action, actor, assignee,
        isNull(muted_until), ifNull(muted_until, toDateTime64(0, 3, 'UTC')), isNull(muted_factor), ifNull(muted_factor, 0) + 0, text)
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY (incident_id, occurred_at, event_id, content_hash);

-- How each update stood when all were judged: written when its figures changed. At most one row an update every five minutes.
CREATE TABLE IF NOT EXISTS judgements
(
    update_channel LowCardinality(String),
    update_version String,
    judged_at DateTime64(3, 'UTC'),
    standing LowCardinality(String),
    statistic Float64,
    threshold Float64,
    ratio Float64,
    ratio_low Float64,
    ratio_high Nullable(Float64),
    observed UInt32,
    expected Float64,
    exposed_hosts UInt32,
    eligible_hosts UInt32,
    min_relative_risk Float64,
    stored_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY (update_channel, update_version, judged_at)
TTL stored_at + INTERVAL 30 DAY;
