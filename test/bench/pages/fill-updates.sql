-- fill-updates.sql: made-up updates, one for each content channel, shipped one after the other over the three days.
-- parameters  updates   how many
--             since_ms  when the three days begin, milliseconds since 1970
-- columns     as in the table `updates`
INSERT INTO updates (event_id, occurred_at, received_at, action, update_channel, update_version, driver, source_partition, source_offset)
SELECT
    concat('u', toString(number)),
    fromUnixTimestamp64Milli({since_ms: Int64} + toInt64(intDiv(number * 259200000, {updates: UInt64})), 'UTC') AS occurred_at,
    occurred_at + toIntervalSecond(1),
    'shipped',
    concat('content-', toString((2 * number + 1) % 300)),
    concat('C-', toString(2 * number + 1)),
    concat('drv', toString((2 * number + 1) % 300), '.sys'),
    0, number
FROM numbers({updates: UInt64})
