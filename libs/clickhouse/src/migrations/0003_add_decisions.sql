-- How far arrival time is closed, what was decided, and what became of each notification.

-- The arrival clock of each partition: everything that arrived before `closed_until` is stored. It never goes back, hence max.
CREATE TABLE IF NOT EXISTS arrival_clocks
(
    topic LowCardinality(String),
    source_partition UInt32,
    closed_until SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (topic, source_partition);

-- Every change of every incident, as on the topic. `record` is the message itself; the columns beside it are for filters and sorting.
CREATE TABLE IF NOT EXISTS incidents
(
    incident_id String,
    sequence UInt32,
    state LowCardinality(String),
    change LowCardinality(String),
    severity LowCardinality(String),
    detected_at DateTime64(3, 'UTC'),
    opened_at DateTime64(3, 'UTC'),
    first_crash_at Nullable(DateTime64(3, 'UTC')),
    update_channel LowCardinality(String),
    update_version String,
    driver LowCardinality(String),
    scope LowCardinality(String),
    signal LowCardinality(String),
    recommendation LowCardinality(String),
    suspect String,
    other_suspects String,
    evidence String,
    record String,
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(stored_at)
ORDER BY (incident_id, sequence);

-- The last tick that the detector finished: where it goes on after a restart.
CREATE TABLE IF NOT EXISTS detector_progress
(
    detector LowCardinality(String),
    decided_until SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY detector;

-- Every attempt to tell a receiver about a change. The receiver is its name, never its address.
CREATE TABLE IF NOT EXISTS deliveries
(
    receiver LowCardinality(String),
    incident_id String,
    sequence UInt32,
    attempt UInt32,
    outcome LowCardinality(String),
    status Nullable(UInt16),
    detail String,
    started_at DateTime64(3, 'UTC'),
    duration_ms UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY (incident_id, sequence, receiver, attempt, started_at)
TTL toDateTime(started_at) + INTERVAL 90 DAY;
