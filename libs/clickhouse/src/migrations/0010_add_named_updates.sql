-- Updates that nobody announces and no host tells to have installed are still named by crash reports; and what innocent updates
-- did to the crash rate is kept, for it says how much an update may.

-- One row an update that any crash named: the content that a driver had loaded, or the driver itself.
CREATE TABLE IF NOT EXISTS named_updates
(
    update_channel LowCardinality(String),
    update_version String,
    first SimpleAggregateFunction(min, Tuple(received_at DateTime64(3, 'UTC'), occurred_at DateTime64(3, 'UTC')))
)
ENGINE = AggregatingMergeTree
ORDER BY (update_channel, update_version);

-- Reports are first put together by what they name, so that the view costs little however many there are.
CREATE MATERIALIZED VIEW IF NOT EXISTS named_updates_from_bugchecks TO named_updates AS
SELECT tupleElement(named, 1) AS update_channel, tupleElement(named, 2) AS update_version, min(earliest) AS first
FROM (
    SELECT [(toString(update_channel), toString(update_version)), (concat('driver:', driver), toString(driver_version))] AS both, min((received_at, occurred_at)) AS earliest
    FROM bugchecks
    GROUP BY update_channel, update_version, driver, driver_version
) ARRAY JOIN both AS named
WHERE tupleElement(named, 1) NOT IN ('', 'driver:unknown') AND tupleElement(named, 2) != ''
GROUP BY update_channel, update_version;

INSERT INTO named_updates (update_channel, update_version, first)
SELECT tupleElement(named, 1) AS update_channel, tupleElement(named, 2) AS update_version, min(earliest) AS first
FROM (
    SELECT [(toString(update_channel), toString(update_version)), (concat('driver:', driver), toString(driver_version))] AS both, min((received_at, occurred_at)) AS earliest
    FROM bugchecks
    GROUP BY update_channel, update_version, driver, driver_version
) ARRAY JOIN both AS named
WHERE tupleElement(named, 1) NOT IN ('', 'driver:unknown') AND tupleElement(named, 2) != ''
GROUP BY update_channel, update_version;

-- An update that left the watch without ever having had an incident: the crash rate ratio of its hosts. Noted at a tick.
CREATE TABLE IF NOT EXISTS benign_updates
(
    detector LowCardinality(String),
    update_channel LowCardinality(String),
    update_version String,
    relative_risk Float64,
    noted_at DateTime64(3, 'UTC'),
    stored_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (detector, noted_at, update_channel, update_version);
