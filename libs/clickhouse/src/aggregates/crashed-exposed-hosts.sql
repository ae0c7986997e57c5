-- crashed-exposed-hosts.sql: of the hosts behind each combination, how many had applied the update that the crash names?
-- The update is the content that the driver had loaded, or the driver's own build.
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             of_driver            whether the update is the driver's own build
--             channels, versions   the updates, pairwise
--             by_...               whether to group by this dimension
--             drivers ... os_builds   only crashes with one of these values; an empty list means any
-- columns     driver ... os_build  the dimensions, empty (0) where not asked for
--             channel, version     the update
--             hosts                distinct hosts that crashed at or after their first install of it
SELECT
    toString(if({by_driver: Bool}, b.driver, '')) AS driver,
    toString(if({by_driver_version: Bool}, b.driver_version, '')) AS driver_version,
    toString(if({by_update_channel: Bool}, b.update_channel, '')) AS update_channel,
    toString(if({by_update_version: Bool}, b.update_version, '')) AS update_version,
    if({by_bugcheck_code: Bool}, b.bugcheck_code, 0) AS bugcheck_code,
    toString(if({by_country: Bool}, b.country, '')) AS country,
    toString(if({by_org_id: Bool}, b.org_id, '')) AS org_id,
    toString(if({by_os_build: Bool}, b.os_build, '')) AS os_build,
    applied.channel AS channel, applied.version AS version,
    uniqExact(b.host_hash) AS hosts
FROM bugchecks AS b
INNER JOIN
(
    SELECT toString(update_channel) AS channel, toString(update_version) AS version, sipHash64(host_id) AS host, min(tupleElement(first, 2)) AS at
    FROM applied_updates
    WHERE (toString(update_channel), toString(update_version)) IN arrayZip({channels: Array(String)}, {versions: Array(String)})
    GROUP BY channel, version, host
) AS applied ON applied.host = b.host_hash
    AND applied.channel = if({of_driver: Bool}, concat('driver:', toString(b.driver)), toString(b.update_channel))
    AND applied.version = if({of_driver: Bool}, toString(b.driver_version), toString(b.update_version))
WHERE b.occurred_at >= fromUnixTimestamp64Milli({since_ms: Int64}, 'UTC')
    AND b.occurred_at < fromUnixTimestamp64Milli({until_ms: Int64}, 'UTC')
    AND toStartOfHour(b.occurred_at) >= toStartOfHour(toDateTime(least(intDiv({since_ms: Int64}, 1000), 4294967295), 'UTC'))
    AND toStartOfHour(b.occurred_at) <= toDateTime(least(intDiv({until_ms: Int64}, 1000), 4294967295), 'UTC')
    AND b.occurred_at >= applied.at
    AND (empty({drivers: Array(String)}) OR b.driver IN {drivers: Array(String)})
    AND (empty({driver_versions: Array(String)}) OR b.driver_version IN {driver_versions: Array(String)})
    AND (empty({update_channels: Array(String)}) OR b.update_channel IN {update_channels: Array(String)})
    AND (empty({update_versions: Array(String)}) OR b.update_version IN {update_versions: Array(String)})
    AND (empty({bugcheck_codes: Array(UInt32)}) OR b.bugcheck_code IN {bugcheck_codes: Array(UInt32)})
    AND (empty({countries: Array(String)}) OR b.country IN {countries: Array(String)})
    AND (empty({org_ids: Array(String)}) OR b.org_id IN {org_ids: Array(String)})
    AND (empty({os_builds: Array(String)}) OR b.os_build IN {os_builds: Array(String)})
GROUP BY driver, driver_version, update_channel, update_version, bugcheck_code, country, org_id, os_build, channel, version
ORDER BY driver, driver_version, update_channel, update_version, bugcheck_code, country, org_id, os_build, channel, version
