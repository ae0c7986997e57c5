-- Where each update stands, incident or not: what the detector found at every tenth minute of arrival time at which it had
-- changed. A gate that asks whether a rollout may widen, and a person who asks how close it was, read the figures here.
-- At most 144 rows a day and update.
CREATE TABLE IF NOT EXISTS judgements
(
    detector LowCardinality(String),
    update_channel LowCardinality(String),
    update_version String,
    judged_at DateTime64(3, 'UTC'),
    standing LowCardinality(String),
    statistic Float64,
    threshold Float64,
    observed UInt32,
    expected Float64,
    ratio Nullable(Float64),
    ratio_low Nullable(Float64),
    ratio_high Nullable(Float64),
    min_relative_risk Float64,
    exposed_hosts UInt32,
    stored_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (detector, update_channel, update_version, judged_at)
TTL stored_at + INTERVAL 30 DAY;
