-- fill-updates.sql: version 2 of each of 500 channels is shipped at some time of an interval
-- parameters  since_ms, until_ms  the interval, milliseconds since 1970
-- columns     as in the table `updates`
INSERT INTO updates (event_id, occurred_at, received_at, action, update_channel, update_version, driver, source_partition, source_offset)
SELECT
    concat('shipped-', toString(number)) AS event_id,
    fromUnixTimestamp64Milli({since_ms: Int64} + toInt64(cityHash64(number) % toUInt64({until_ms: Int64} - {since_ms: Int64})), 'UTC') AS occurred_at,
    occurred_at AS received_at,
    'shipped' AS action,
    concat('content-', toString(number)) AS update_channel,
    '2' AS update_version,
    concat('drv', toString(number % 300), '.sys') AS driver,
    0, number
FROM numbers(500)
