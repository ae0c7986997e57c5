-- What the detector concluded from signs of life, kept because heartbeats are not: a detector that starts anew reads it here.

-- Of the hosts that run an update's channel, how many were awake, of those that had not taken it and of those that had? By
-- stratum, from a moment of event time on; counted in a sample of the fleet, at the tick `noted_at`.
CREATE TABLE IF NOT EXISTS awake_hosts
(
    update_channel LowCardinality(String),
    update_version String,
    since DateTime64(3, 'UTC'),
    stratum LowCardinality(String),
    untouched UInt32,
    untouched_awake UInt32,
    taken UInt32,
    taken_awake UInt32,
    noted_at DateTime64(3, 'UTC'),
    stored_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (update_channel, update_version, since, stratum, noted_at)
TTL stored_at + INTERVAL 30 DAY;
