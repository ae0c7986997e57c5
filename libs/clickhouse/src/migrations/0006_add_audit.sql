-- What the audit needs: to find rows by when they were stored and by where they stood in Kafka, to remember how far it is, which
-- conflicts it is settling, which dead letters were sent again, and whose events must not come back.

ALTER TABLE bugchecks ADD INDEX IF NOT EXISTS stored stored_at TYPE minmax GRANULARITY 1;
ALTER TABLE bugchecks ADD INDEX IF NOT EXISTS source source_offset TYPE minmax GRANULARITY 1;
ALTER TABLE installs ADD INDEX IF NOT EXISTS stored stored_at TYPE minmax GRANULARITY 1;
ALTER TABLE installs ADD INDEX IF NOT EXISTS source source_offset TYPE minmax GRANULARITY 1;
ALTER TABLE heartbeats ADD INDEX IF NOT EXISTS stored stored_at TYPE minmax GRANULARITY 1;
ALTER TABLE heartbeats ADD INDEX IF NOT EXISTS source source_offset TYPE minmax GRANULARITY 1;

-- How far each audit is: an offset of a partition, or a moment in milliseconds since 1970 (partition 0). What was written last counts.
CREATE TABLE IF NOT EXISTS audit_progress
(
    audit LowCardinality(String),
    topic LowCardinality(String),
    source_partition UInt32,
    until Int64,
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY (audit, topic, source_partition);

-- The losers of conflicts: the rows that have to go, and what rests on them. A row is written before anything is deleted and
-- closed when all is repaired, so that a settlement which was cut off is taken up again.
CREATE TABLE IF NOT EXISTS conflicts
(
    topic LowCardinality(String),
    event_id String,
    host_id String,
    org_id String,
    occurred_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    content_hash UInt64,
    updates Array(Tuple(update_channel String, update_version String)),
    settled UInt8,
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY (topic, event_id, host_id, occurred_at, content_hash)
TTL toDateTime(written_at) + INTERVAL 30 DAY;

-- Dead letters that were sent to their topic again: not sent a second time, still listed.
CREATE TABLE IF NOT EXISTS redriven_letters
(
    source_topic LowCardinality(String),
    source_partition UInt32,
    source_offset UInt64,
    redriven_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY (source_topic, source_partition, source_offset)
TTL toDateTime(redriven_at) + INTERVAL 30 DAY;

-- Tombstones: what was recorded of this host or org up to `erased_at` is gone and must not be stored again. `hours` are those of
-- its bugchecks, whose counts have to be made again.
CREATE TABLE IF NOT EXISTS erasures
(
    kind LowCardinality(String),
    id String,
    erased_at DateTime64(3, 'UTC'),
    hours Array(DateTime('UTC')),
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY (kind, id);
