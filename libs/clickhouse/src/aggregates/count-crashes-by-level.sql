-- count-crashes-by-level.sql: how many crashes, for every combination of the dimensions asked for, from counts where they are?
-- Days and hours of the sorting keys are named, since ClickHouse does not infer them. Names stay dictionary-coded until they are counted; as text they sort faster.
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             bucket_seconds       width of the time bucket, counted from 1970; 0 for none
--             by_...               whether to group by this dimension
--             drivers ... update_versions   only crashes with one of these values; an empty list means any
--             top_drivers ... top_update_versions   only these combinations, pairwise, under `by_...`; empty lists mean all
--             whole_hours, whole_rolled_us   hours read from `crashes_per_hour`, and from when their counts are
--             fine_hours, fine_rolled_us     the same for `crashes_per_5_minutes`
--             raw_hours            hours read from the raw rows
--             count_hosts          whether hosts of raw rows are counted
--             max_rows             most rows to answer
-- columns     bucket_start_ms      start of the bucket, 0 without one
--             driver ... update_version   the dimensions, empty where not asked for
--             crashes              events, copies counted once
--             hosts                distinct hosts where `sources` is 1, else nothing of worth
--             sources              how many rows of counts are behind the row
WITH
    {whole_hours: Array(UInt32)} AS whole, {fine_hours: Array(UInt32)} AS fine, {raw_hours: Array(UInt32)} AS raw
SELECT bucket_start * 1000 AS bucket_start_ms, toString(d) AS driver, toString(dv) AS driver_version, toString(uc) AS update_channel,
    toString(uv) AS update_version, counted AS crashes, most_hosts AS hosts, sources
FROM
(
    SELECT
        if({bucket_seconds: UInt32} = 0, 0, intDiv(start, {bucket_seconds: UInt32}) * {bucket_seconds: UInt32}) AS bucket_start,
        if({by_driver: Bool}, c.driver, '') AS d,
        if({by_driver_version: Bool}, c.driver_version, '') AS dv,
        if({by_update_channel: Bool}, c.update_channel, '') AS uc,
        if({by_update_version: Bool}, c.update_version, '') AS uv,
        sum(c.crashes) AS counted, max(c.hosts) AS most_hosts, count() AS sources
    FROM
    (
        SELECT toUnixTimestamp(bucket) AS start, driver, driver_version, update_channel, update_version, crashes, hosts
        FROM crashes_per_hour FINAL
        WHERE notEmpty(whole) AND toDate(bucket) >= toDate(toDateTime(arrayMin(whole), 'UTC')) AND toDate(bucket) <= toDate(toDateTime(arrayMax(whole), 'UTC'))
            AND bucket >= toDateTime(arrayMin(whole), 'UTC') AND bucket <= toDateTime(arrayMax(whole), 'UTC')
            AND toUnixTimestamp64Micro(rolled_at)
                >= transform(toUnixTimestamp(bucket), whole, {whole_rolled_us: Array(Int64)}, 9223372036854775807)
            AND (empty({drivers: Array(String)}) OR driver IN {drivers: Array(String)})
            AND (empty({driver_versions: Array(String)}) OR driver_version IN {driver_versions: Array(String)})
            AND (empty({update_channels: Array(String)}) OR update_channel IN {update_channels: Array(String)})
            AND (empty({update_versions: Array(String)}) OR update_version IN {update_versions: Array(String)})
        UNION ALL
        SELECT toUnixTimestamp(bucket) AS start, driver, driver_version, update_channel, update_version, crashes, hosts
        FROM crashes_per_5_minutes FINAL
        WHERE notEmpty(fine) AND toDate(bucket) >= toDate(toDateTime(arrayMin(fine), 'UTC')) AND toDate(bucket) <= toDate(toDateTime(arrayMax(fine), 'UTC'))
            AND bucket >= toDateTime(arrayMin(fine), 'UTC') AND bucket < toDateTime(arrayMax(fine) + 3600, 'UTC')
            AND bucket >= toDateTime(intDiv({since_ms: Int64}, 1000), 'UTC') AND bucket < toDateTime(intDiv({until_ms: Int64}, 1000), 'UTC')
            AND toUnixTimestamp64Micro(rolled_at)
                >= transform(toUnixTimestamp(toStartOfHour(bucket)), fine, {fine_rolled_us: Array(Int64)}, 9223372036854775807)
            AND (empty({drivers: Array(String)}) OR driver IN {drivers: Array(String)})
            AND (empty({driver_versions: Array(String)}) OR driver_version IN {driver_versions: Array(String)})
            AND (empty({update_channels: Array(String)}) OR update_channel IN {update_channels: Array(String)})
            AND (empty({update_versions: Array(String)}) OR update_version IN {update_versions: Array(String)})
        UNION ALL
        SELECT
            if({bucket_seconds: UInt32} = 0, 0, intDiv(toUnixTimestamp(toDateTime(occurred_at, 'UTC')), {bucket_seconds: UInt32}) * {bucket_seconds: UInt32}) AS start,
            driver, driver_version, update_channel, update_version, count() AS crashes, uniqExactIf(host_hash, {count_hosts: Bool}) AS hosts
        FROM bugchecks FINAL
        WHERE notEmpty(raw) AND toStartOfHour(occurred_at) IN arrayMap(h -> toDateTime(h, 'UTC'), raw)
            AND toStartOfHour(occurred_at) >= toDateTime(arrayMin(raw), 'UTC') AND toStartOfHour(occurred_at) <= toDateTime(arrayMax(raw), 'UTC')
            AND occurred_at >= fromUnixTimestamp64Milli(greatest({since_ms: Int64}, 1000 * toInt64(arrayMin(raw))), 'UTC')
            AND occurred_at < fromUnixTimestamp64Milli(least({until_ms: Int64}, 1000 * toInt64(arrayMax(raw)) + 3600000), 'UTC')
            AND (empty({drivers: Array(String)}) OR driver IN {drivers: Array(String)})
            AND (empty({driver_versions: Array(String)}) OR driver_version IN {driver_versions: Array(String)})
            AND (empty({update_channels: Array(String)}) OR update_channel IN {update_channels: Array(String)})
            AND (empty({update_versions: Array(String)}) OR update_version IN {update_versions: Array(String)})
        GROUP BY start, driver, driver_version, update_channel, update_version
    ) AS c
    WHERE c.crashes > 0
        AND (empty({top_drivers: Array(String)})
            OR (toString(if({by_driver: Bool}, c.driver, '')), toString(if({by_driver_version: Bool}, c.driver_version, '')),
                toString(if({by_update_channel: Bool}, c.update_channel, '')), toString(if({by_update_version: Bool}, c.update_version, '')))
            IN arrayZip({top_drivers: Array(String)}, {top_driver_versions: Array(String)}, {top_update_channels: Array(String)}, {top_update_versions: Array(String)}))
    GROUP BY bucket_start, d, dv, uc, uv
    HAVING counted > 0
)
ORDER BY bucket_start_ms, crashes DESC, driver, driver_version, update_channel, update_version
LIMIT {max_rows: UInt32}
SETTINGS do_not_merge_across_partitions_select_final = 1
