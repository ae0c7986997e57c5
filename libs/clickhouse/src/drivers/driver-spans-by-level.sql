-- driver-spans-by-level.sql: the same as driver-spans.sql, from counts of whole hours where they are. Of the raw rows only those hours are read that have no
-- counts, and of each driver the first and the last hour that have: in them lie its first and its last crash.
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             drivers              the drivers
--             driver_versions ... update_versions   only crashes with one of these values; an empty list means any
--             whole_hours, whole_rolled_us   hours read from `crashes_per_hour`, and from when their counts are
--             raw_hours            hours read from the raw rows
-- columns     as of driver-spans.sql
WITH
    {whole_hours: Array(UInt32)} AS whole,
    arrayMap(h -> toDateTime(h, 'UTC'), {raw_hours: Array(UInt32)}) AS raw,
    counted AS
    (
        SELECT bucket, c.driver AS driver, driver_version, update_channel, update_version
        FROM crashes_per_hour AS c FINAL
        WHERE notEmpty(whole) AND toDate(bucket) >= toDate(toDateTime(arrayMin(whole), 'UTC')) AND toDate(bucket) <= toDate(toDateTime(arrayMax(whole), 'UTC'))
            AND bucket >= toDateTime(arrayMin(whole), 'UTC') AND bucket <= toDateTime(arrayMax(whole), 'UTC')
            AND toUnixTimestamp64Micro(rolled_at)
                >= transform(toUnixTimestamp(bucket), whole, {whole_rolled_us: Array(Int64)}, 9223372036854775807)
            AND crashes > 0 AND c.driver IN {drivers: Array(String)}
            AND (empty({driver_versions: Array(String)}) OR driver_version IN {driver_versions: Array(String)})
            AND (empty({update_channels: Array(String)}) OR update_channel IN {update_channels: Array(String)})
            AND (empty({update_versions: Array(String)}) OR update_version IN {update_versions: Array(String)})
    ),
    ends AS (SELECT driver, arrayJoin([min(bucket), max(bucket)]) AS hour FROM counted GROUP BY driver)
SELECT toString(each.driver) AS driver, uniqExact(each.driver_version) AS versions,
    uniqExactIf((each.update_channel, each.update_version), each.update_channel != '') AS updates,
    toUnixTimestamp64Milli(min(each.first)) AS first_ms, toUnixTimestamp64Milli(max(each.last)) AS last_ms
FROM
(
    SELECT c.driver AS driver, driver_version, update_channel, update_version, NULL AS first, NULL AS last FROM counted AS c
    UNION ALL
    SELECT b.driver AS driver, b.driver_version AS driver_version, b.update_channel AS update_channel, b.update_version AS update_version,
        min(b.occurred_at) AS first, max(b.occurred_at) AS last
    FROM bugchecks AS b
    WHERE toStartOfHour(b.occurred_at) IN raw
        AND b.occurred_at >= fromUnixTimestamp64Milli({since_ms: Int64}, 'UTC')
        AND b.occurred_at < fromUnixTimestamp64Milli({until_ms: Int64}, 'UTC')
        AND b.driver IN {drivers: Array(String)}
        AND (empty({driver_versions: Array(String)}) OR b.driver_version IN {driver_versions: Array(String)})
        AND (empty({update_channels: Array(String)}) OR b.update_channel IN {update_channels: Array(String)})
        AND (empty({update_versions: Array(String)}) OR b.update_version IN {update_versions: Array(String)})
    GROUP BY driver, driver_version, update_channel, update_version
    UNION ALL
    SELECT driver, tupleElement(some, 1) AS driver_version, tupleElement(some, 2) AS update_channel, tupleElement(some, 3) AS update_version, first, last
    FROM
    (
        SELECT b.driver AS driver, any((b.driver_version, b.update_channel, b.update_version)) AS some, min(b.occurred_at) AS first, max(b.occurred_at) AS last
        FROM bugchecks AS b
        WHERE (toStartOfHour(b.occurred_at), b.driver) IN (SELECT hour, driver FROM ends)
            AND (empty({driver_versions: Array(String)}) OR b.driver_version IN {driver_versions: Array(String)})
            AND (empty({update_channels: Array(String)}) OR b.update_channel IN {update_channels: Array(String)})
            AND (empty({update_versions: Array(String)}) OR b.update_version IN {update_versions: Array(String)})
        GROUP BY driver
    )
) AS each
GROUP BY driver
