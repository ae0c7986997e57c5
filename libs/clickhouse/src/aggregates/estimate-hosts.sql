-- estimate-hosts.sql: on about how many distinct hosts were the crashes of these combinations? The standard error is 0.3 %.
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             bucket_seconds       width of the time bucket, counted from 1970; 0 for none
--             by_...               whether to group by this dimension
--             drivers ... update_versions   only crashes with one of these values; an empty list means any
--             whole_hours, whole_rolled_us   hours read from `crashes_per_hour`, and from when their counts are
--             fine_hours, raw_hours          hours read from the raw rows
-- columns     bucket_start_ms      start of the bucket, 0 without one
--             driver ... update_version   the dimensions, empty where not asked for
--             hosts                distinct hosts, estimated
WITH {whole_hours: Array(UInt32)} AS whole, arrayConcat({fine_hours: Array(UInt32)}, {raw_hours: Array(UInt32)}) AS raw
SELECT
    if({bucket_seconds: UInt32} = 0, 0, intDiv(start, {bucket_seconds: UInt32}) * 1000 * {bucket_seconds: UInt32}) AS bucket_start_ms,
    toString(if({by_driver: Bool}, b.driver, '')) AS driver,
    toString(if({by_driver_version: Bool}, b.driver_version, '')) AS driver_version,
    toString(if({by_update_channel: Bool}, b.update_channel, '')) AS update_channel,
    toString(if({by_update_version: Bool}, b.update_version, '')) AS update_version,
    uniqCombinedMerge(17)(b.sketch) AS hosts
FROM
(
    SELECT toUnixTimestamp(bucket) AS start, driver, driver_version, update_channel, update_version, host_sketch AS sketch
    FROM crashes_per_hour
    WHERE notEmpty(whole) AND toDate(bucket) >= toDate(toDateTime(arrayMin(whole), 'UTC')) AND toDate(bucket) <= toDate(toDateTime(arrayMax(whole), 'UTC'))
        AND bucket >= toDateTime(arrayMin(whole), 'UTC') AND bucket <= toDateTime(arrayMax(whole), 'UTC')
        AND toUnixTimestamp64Micro(rolled_at)
            >= transform(toUnixTimestamp(bucket), whole, {whole_rolled_us: Array(Int64)}, 9223372036854775807)
        AND (empty({drivers: Array(String)}) OR driver IN {drivers: Array(String)})
        AND (empty({driver_versions: Array(String)}) OR driver_version IN {driver_versions: Array(String)})
        AND (empty({update_channels: Array(String)}) OR update_channel IN {update_channels: Array(String)})
        AND (empty({update_versions: Array(String)}) OR update_version IN {update_versions: Array(String)})
    UNION ALL
    SELECT toUnixTimestamp(toStartOfHour(toDateTime(occurred_at, 'UTC'))) AS start, driver, driver_version, update_channel,
        update_version, uniqCombinedState(17)(host_hash) AS sketch
    FROM bugchecks
    WHERE notEmpty(raw) AND toStartOfHour(occurred_at) IN arrayMap(h -> toDateTime(h, 'UTC'), raw)
        AND toStartOfHour(occurred_at) >= toDateTime(arrayMin(raw), 'UTC') AND toStartOfHour(occurred_at) <= toDateTime(arrayMax(raw), 'UTC')
        AND occurred_at >= fromUnixTimestamp64Milli(greatest({since_ms: Int64}, 1000 * toInt64(arrayMin(raw))), 'UTC')
        AND occurred_at < fromUnixTimestamp64Milli(least({until_ms: Int64}, 1000 * toInt64(arrayMax(raw)) + 3600000), 'UTC')
        AND (empty({drivers: Array(String)}) OR driver IN {drivers: Array(String)})
        AND (empty({driver_versions: Array(String)}) OR driver_version IN {driver_versions: Array(String)})
        AND (empty({update_channels: Array(String)}) OR update_channel IN {update_channels: Array(String)})
        AND (empty({update_versions: Array(String)}) OR update_version IN {update_versions: Array(String)})
    GROUP BY start, driver, driver_version, update_channel, update_version
) AS b
GROUP BY bucket_start_ms, driver, driver_version, update_channel, update_version
ORDER BY bucket_start_ms, driver, driver_version, update_channel, update_version
