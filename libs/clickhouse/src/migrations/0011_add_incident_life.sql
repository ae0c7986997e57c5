-- What people do with incidents, as it arrived.

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
