-- driver-spans.sql: from when to when did crashes blame these drivers, in how many versions? Copies of an event change nothing, so
-- that the raw rows need not be merged first.
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             drivers              the drivers
--             driver_versions ... os_builds   only crashes with one of these values; an empty list means any
-- columns     driver
--             versions, updates    how many versions of it, and how many updates that it had loaded
--             first_ms, last_ms    event time of the first and the last crash
SELECT toString(b.driver) AS driver, uniqExact(b.driver_version) AS versions,
    uniqExactIf((b.update_channel, b.update_version), b.update_channel != '') AS updates,
    toUnixTimestamp64Milli(min(b.occurred_at)) AS first_ms, toUnixTimestamp64Milli(max(b.occurred_at)) AS last_ms
FROM bugchecks AS b
WHERE b.occurred_at >= fromUnixTimestamp64Milli({since_ms: Int64}, 'UTC')
    AND b.occurred_at < fromUnixTimestamp64Milli({until_ms: Int64}, 'UTC')
    AND toStartOfHour(b.occurred_at) >= toStartOfHour(toDateTime(least(intDiv({since_ms: Int64}, 1000), 4294967295), 'UTC'))
    AND toStartOfHour(b.occurred_at) <= toDateTime(least(intDiv({until_ms: Int64}, 1000), 4294967295), 'UTC')
    AND b.driver IN {drivers: Array(String)}
    AND (empty({driver_versions: Array(String)}) OR b.driver_version IN {driver_versions: Array(String)})
    AND (empty({update_channels: Array(String)}) OR b.update_channel IN {update_channels: Array(String)})
    AND (empty({update_versions: Array(String)}) OR b.update_version IN {update_versions: Array(String)})
    AND (empty({bugcheck_codes: Array(UInt32)}) OR b.bugcheck_code IN {bugcheck_codes: Array(UInt32)})
    AND (empty({countries: Array(String)}) OR b.country IN {countries: Array(String)})
    AND (empty({org_ids: Array(String)}) OR b.org_id IN {org_ids: Array(String)})
    AND (empty({os_builds: Array(String)}) OR b.os_build IN {os_builds: Array(String)})
GROUP BY driver
