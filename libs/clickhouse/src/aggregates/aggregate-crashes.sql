-- aggregate-crashes.sql: how many crashes, on how many hosts, for every combination of the dimensions asked for?
-- One text serves any grouping: a dimension that is not asked for is the same empty value in every row.
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             bucket_seconds       width of the time bucket, counted from 1970; 0 for none
--             by_...               whether to group by this dimension
--             drivers ... os_builds   only crashes with one of these values; an empty list means any
--             top_...              only these combinations, pairwise, under `by_...`; empty lists mean all
--             max_rows             most rows to answer
-- columns     bucket_start_ms      start of the bucket, 0 without one
--             driver ... os_build  the dimensions, empty (0) where not asked for
--             crashes              events, copies counted once, whatever merges have run
--             hosts                distinct host_id; does not add up over rows
SELECT
    if({bucket_seconds: UInt32} = 0, 0,
        intDiv(toUnixTimestamp64Milli(b.occurred_at), 1000 * toInt64({bucket_seconds: UInt32})) * 1000 * {bucket_seconds: UInt32}) AS bucket_start_ms,
    toString(if({by_driver: Bool}, b.driver, '')) AS driver,
    toString(if({by_driver_version: Bool}, b.driver_version, '')) AS driver_version,
    toString(if({by_update_channel: Bool}, b.update_channel, '')) AS update_channel,
    toString(if({by_update_version: Bool}, b.update_version, '')) AS update_version,
    if({by_bugcheck_code: Bool}, b.bugcheck_code, 0) AS bugcheck_code,
    toString(if({by_country: Bool}, b.country, '')) AS country,
    toString(if({by_org_id: Bool}, b.org_id, '')) AS org_id,
    toString(if({by_os_build: Bool}, b.os_build, '')) AS os_build,
    count() AS crashes,
    uniqExact(b.host_hash) AS hosts
FROM bugchecks AS b FINAL
WHERE b.occurred_at >= fromUnixTimestamp64Milli({since_ms: Int64}, 'UTC')
    AND b.occurred_at < fromUnixTimestamp64Milli({until_ms: Int64}, 'UTC')
    AND toStartOfHour(b.occurred_at) >= toStartOfHour(toDateTime(least(intDiv({since_ms: Int64}, 1000), 4294967295), 'UTC'))
    AND toStartOfHour(b.occurred_at) <= toDateTime(least(intDiv({until_ms: Int64}, 1000), 4294967295), 'UTC')
    AND (empty({drivers: Array(String)}) OR b.driver IN {drivers: Array(String)})
    AND (empty({driver_versions: Array(String)}) OR b.driver_version IN {driver_versions: Array(String)})
    AND (empty({update_channels: Array(String)}) OR b.update_channel IN {update_channels: Array(String)})
    AND (empty({update_versions: Array(String)}) OR b.update_version IN {update_versions: Array(String)})
    AND (empty({bugcheck_codes: Array(UInt32)}) OR b.bugcheck_code IN {bugcheck_codes: Array(UInt32)})
    AND (empty({countries: Array(String)}) OR b.country IN {countries: Array(String)})
    AND (empty({org_ids: Array(String)}) OR b.org_id IN {org_ids: Array(String)})
    AND (empty({os_builds: Array(String)}) OR b.os_build IN {os_builds: Array(String)})
    AND (empty({top_drivers: Array(String)})
        OR (toString(if({by_driver: Bool}, b.driver, '')), toString(if({by_driver_version: Bool}, b.driver_version, '')),
            toString(if({by_update_channel: Bool}, b.update_channel, '')), toString(if({by_update_version: Bool}, b.update_version, '')),
            if({by_bugcheck_code: Bool}, b.bugcheck_code, 0), toString(if({by_country: Bool}, b.country, '')),
            toString(if({by_org_id: Bool}, b.org_id, '')), toString(if({by_os_build: Bool}, b.os_build, '')))
        IN arrayZip({top_drivers: Array(String)}, {top_driver_versions: Array(String)}, {top_update_channels: Array(String)},
            {top_update_versions: Array(String)}, {top_bugcheck_codes: Array(UInt32)}, {top_countries: Array(String)},
            {top_org_ids: Array(String)}, {top_os_builds: Array(String)}))
GROUP BY bucket_start_ms, driver, driver_version, update_channel, update_version, bugcheck_code, country, org_id, os_build
HAVING crashes > 0
ORDER BY bucket_start_ms, crashes DESC, driver, driver_version, update_channel, update_version, bugcheck_code,
    country, org_id, os_build
LIMIT {max_rows: UInt32}
SETTINGS do_not_merge_across_partitions_select_final = 1
