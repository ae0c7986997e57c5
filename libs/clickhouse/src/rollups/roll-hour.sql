-- roll-hour.sql: counts one hour again, as a whole; a statement that writes. Groups that vanished get zeros.
-- parameters  hour       start of the hour, seconds since 1970
--             start_us   when this roll started, microseconds since 1970: later rolls win
-- columns     as in the table `crashes_per_hour`
INSERT INTO crashes_per_hour
    (bucket, driver, driver_version, update_channel, update_version, crashes, hosts, host_sketch, rolled_at)
SELECT toDateTime({hour: UInt32}, 'UTC'), driver, driver_version, update_channel, update_version, sum(counted),
    sum(distinct_hosts), uniqCombinedMergeState(17)(sketch), fromUnixTimestamp64Micro({start_us: Int64}, 'UTC')
FROM
(
    SELECT driver, driver_version, update_channel, update_version, count() AS counted,
        uniqExact(host_hash) AS distinct_hosts, uniqCombinedState(17)(host_hash) AS sketch
    FROM bugchecks FINAL
    WHERE occurred_at >= fromUnixTimestamp64Milli(1000 * toInt64({hour: UInt32}), 'UTC')
        AND occurred_at < fromUnixTimestamp64Milli(1000 * toInt64({hour: UInt32}) + 3600000, 'UTC')
        AND toStartOfHour(occurred_at) = toDateTime({hour: UInt32}, 'UTC')
    GROUP BY driver, driver_version, update_channel, update_version
    UNION ALL
    SELECT driver, driver_version, update_channel, update_version, 0, 0,
        arrayReduce('uniqCombinedState(17)', emptyArrayUInt64())
    FROM crashes_per_hour
    WHERE toDate(bucket) = toDate(toDateTime({hour: UInt32}, 'UTC')) AND bucket = toDateTime({hour: UInt32}, 'UTC') AND crashes > 0
)
GROUP BY driver, driver_version, update_channel, update_version
SETTINGS do_not_merge_across_partitions_select_final = 1, max_threads = 1, max_bytes_before_external_group_by = 500000000
