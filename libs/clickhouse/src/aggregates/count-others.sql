-- count-others.sql: how many crashes, on how many hosts, are there beside these combinations?
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             bucket_seconds       width of the time bucket, counted from 1970; 0 for none
--             by_...               which dimensions make a combination
--             drivers ... os_builds   only crashes with one of these values; an empty list means any
--             top_...              the combinations, pairwise, under `by_...`
--             max_rows             most rows to answer
-- columns     bucket_start_ms      start of the bucket, 0 without one
--             crashes, hosts       distinct events and hosts
SELECT
    if({bucket_seconds: UInt32} = 0, 0,
        intDiv(toUnixTimestamp64Milli(b.occurred_at), 1000 * toInt64({bucket_seconds: UInt32})) * 1000 * {bucket_seconds: UInt32}) AS bucket_start_ms,
    uniqExact(b.event_id) AS crashes,
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
    AND (empty({bugcheck_codes: Array(UInt32)}) OR b.bugcheck_code IN {bugcheck_codes: Array(UInt32)})
    AND (empty({countries: Array(String)}) OR b.country IN {countries: Array(String)})
    AND (empty({org_ids: Array(String)}) OR b.org_id IN {org_ids: Array(String)})
    AND (empty({os_builds: Array(String)}) OR b.os_build IN {os_builds: Array(String)})
    AND (toString(if({by_driver: Bool}, b.driver, '')), toString(if({by_driver_version: Bool}, b.driver_version, '')),
        toString(if({by_update_channel: Bool}, b.update_channel, '')), toString(if({by_update_version: Bool}, b.update_version, '')),
        if({by_bugcheck_code: Bool}, b.bugcheck_code, 0), toString(if({by_country: Bool}, b.country, '')),
        toString(if({by_org_id: Bool}, b.org_id, '')), toString(if({by_os_build: Bool}, b.os_build, '')))
        NOT IN arrayZip({top_drivers: Array(String)}, {top_driver_versions: Array(String)}, {top_update_channels: Array(String)},
            {top_update_versions: Array(String)}, {top_bugcheck_codes: Array(UInt32)}, {top_countries: Array(String)},
            {top_org_ids: Array(String)}, {top_os_builds: Array(String)})
GROUP BY bucket_start_ms
HAVING crashes > 0
ORDER BY bucket_start_ms
LIMIT {max_rows: UInt32}
