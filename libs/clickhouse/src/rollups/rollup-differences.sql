-- rollup-differences.sql: where do the counts of one hour say something else than its raw rows?
-- parameters  hour        start of the hour, seconds since 1970
--             rolled_us   from when its counts are, microseconds since 1970
--             max_rows    most differences to answer
-- columns     level_seconds   300 or 3600: which rollup differs
--             bucket          start of the bucket, seconds since 1970
--             driver ... update_version   the group
--             rolled_crashes, rolled_hosts   what the rollup says
--             stored_crashes, stored_hosts   what the raw rows say
SELECT level_seconds, toUnixTimestamp(bucket_start) AS bucket, driver, driver_version, update_channel, update_version,
    sum(rc) AS rolled_crashes, sum(rh) AS rolled_hosts, sum(sc) AS stored_crashes, sum(sh) AS stored_hosts
FROM
(
    SELECT 300 AS level_seconds, bucket AS bucket_start, driver, driver_version, update_channel, update_version,
        crashes AS rc, hosts AS rh, 0 AS sc, 0 AS sh
    FROM crashes_per_5_minutes FINAL
    WHERE toDate(bucket) = toDate(toDateTime({hour: UInt32}, 'UTC')) AND bucket >= toDateTime({hour: UInt32}, 'UTC') AND bucket < toDateTime({hour: UInt32} + 3600, 'UTC')
        AND toUnixTimestamp64Micro(rolled_at) >= {rolled_us: Int64}
    UNION ALL
    SELECT 3600, bucket, driver, driver_version, update_channel, update_version, crashes, hosts, 0, 0
    FROM crashes_per_hour FINAL
    WHERE toDate(bucket) = toDate(toDateTime({hour: UInt32}, 'UTC')) AND bucket = toDateTime({hour: UInt32}, 'UTC') AND toUnixTimestamp64Micro(rolled_at) >= {rolled_us: Int64}
    UNION ALL
    SELECT level, toDateTime(intDiv(toUnixTimestamp(toDateTime(occurred_at, 'UTC')), level) * level, 'UTC') AS b, driver, driver_version,
        update_channel, update_version, 0, 0, count(), uniqExact(host_hash)
    FROM (
        SELECT arrayJoin([300, 3600]) AS level, occurred_at, driver, driver_version, update_channel, update_version, host_hash
        FROM bugchecks FINAL
        WHERE occurred_at >= fromUnixTimestamp64Milli(1000 * toInt64({hour: UInt32}), 'UTC')
            AND occurred_at < fromUnixTimestamp64Milli(1000 * toInt64({hour: UInt32}) + 3600000, 'UTC')
            AND toStartOfHour(occurred_at) = toDateTime({hour: UInt32}, 'UTC')
    )
    GROUP BY level, b, driver, driver_version, update_channel, update_version
)
GROUP BY level_seconds, bucket, driver, driver_version, update_channel, update_version
HAVING rolled_crashes != stored_crashes OR rolled_hosts != stored_hosts
ORDER BY level_seconds, bucket, driver, driver_version, update_channel, update_version
LIMIT {max_rows: UInt32}
SETTINGS do_not_merge_across_partitions_select_final = 1, max_bytes_before_external_group_by = 500000000
