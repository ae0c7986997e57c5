-- count-hosts.sql: on how many distinct hosts were the crashes of these combinations? Copies of an event are of one host, so
-- that the raw rows need not be merged first. 64 bits of hash halve the time of whole names, and among a million hosts one
-- would be lost with probability 3e-8.
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             bucket_seconds       width of the time bucket, counted from 1970; 0 for none
--             by_...               whether to group by this dimension
--             drivers ... update_versions   only crashes with one of these values; an empty list means any
-- columns     bucket_start_ms      start of the bucket, 0 without one
--             driver ... update_version   the dimensions, empty where not asked for
--             hosts                distinct host_id
SELECT
    if({bucket_seconds: UInt32} = 0, 0,
        intDiv(toUnixTimestamp64Milli(b.occurred_at), 1000 * toInt64({bucket_seconds: UInt32})) * 1000 * {bucket_seconds: UInt32}) AS bucket_start_ms,
    toString(if({by_driver: Bool}, b.driver, '')) AS driver,
    toString(if({by_driver_version: Bool}, b.driver_version, '')) AS driver_version,
    toString(if({by_update_channel: Bool}, b.update_channel, '')) AS update_channel,
    toString(if({by_update_version: Bool}, b.update_version, '')) AS update_version,
    uniqExact(b.host_hash) AS hosts
FROM bugchecks AS b
WHERE b.occurred_at >= fromUnixTimestamp64Milli({since_ms: Int64}, 'UTC')
    AND b.occurred_at < fromUnixTimestamp64Milli({until_ms: Int64}, 'UTC')
    AND toStartOfHour(b.occurred_at) >= toStartOfHour(toDateTime(least(intDiv({since_ms: Int64}, 1000), 4294967295), 'UTC'))
    AND toStartOfHour(b.occurred_at) <= toDateTime(least(intDiv({until_ms: Int64}, 1000), 4294967295), 'UTC')
    AND (empty({drivers: Array(String)}) OR b.driver IN {drivers: Array(String)})
    AND (empty({driver_versions: Array(String)}) OR b.driver_version IN {driver_versions: Array(String)})
    AND (empty({update_channels: Array(String)}) OR b.update_channel IN {update_channels: Array(String)})
    AND (empty({update_versions: Array(String)}) OR b.update_version IN {update_versions: Array(String)})
GROUP BY bucket_start_ms, driver, driver_version, update_channel, update_version
ORDER BY bucket_start_ms, driver, driver_version, update_channel, update_version
