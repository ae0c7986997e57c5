-- shares-of-kinds.sql: where did hosts fail in any of these ways, and with what loaded?
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             drivers ... os_builds   only crashes with one of these values; an empty list means any
--             subtype_codes, subtype_parameters   pairwise: which parameter (1 to 4) tells the kinds of a stop code apart
--             kind_codes, kind_drivers, kind_values   the ways, pairwise
--             most                 most values of each dimension to answer
-- columns     dimension            driver_version, update, os_build, country or org_id
--             value, version       the value; of an update its channel and its version
--             crashes, hosts       distinct events and hosts
SELECT dimension, value, version, uniqExact(failed.event_id) AS crashes, uniqExact(failed.host_hash) AS hosts
FROM
(
    SELECT b.event_id AS event_id, b.host_hash AS host_hash,
        arrayJoin([('driver_version', toString(b.driver_version), ''), ('update', toString(b.update_channel), toString(b.update_version)),
            ('os_build', toString(b.os_build), ''), ('country', toString(b.country), ''), ('org_id', toString(b.org_id), '')]) AS share,
        tupleElement(share, 1) AS dimension, tupleElement(share, 2) AS value, tupleElement(share, 3) AS version
    FROM bugchecks AS b
    WHERE b.occurred_at >= fromUnixTimestamp64Milli({since_ms: Int64}, 'UTC')
    AND b.occurred_at < fromUnixTimestamp64Milli({until_ms: Int64}, 'UTC')
    AND toStartOfHour(b.occurred_at) >= toStartOfHour(toDateTime(least(intDiv({since_ms: Int64}, 1000), 4294967295), 'UTC'))
    AND toStartOfHour(b.occurred_at) <= toDateTime(least(intDiv({until_ms: Int64}, 1000), 4294967295), 'UTC')
        AND b.bugcheck_code IN {kind_codes: Array(UInt32)} AND b.driver IN {kind_drivers: Array(String)}
        AND (b.bugcheck_code, toString(b.driver), if(indexOf({subtype_codes: Array(UInt32)}, b.bugcheck_code) = 0, toUInt64(0),
        b.bugcheck_parameters[{subtype_parameters: Array(UInt8)}[indexOf({subtype_codes: Array(UInt32)}, b.bugcheck_code)]]))
            IN arrayZip({kind_codes: Array(UInt32)}, {kind_drivers: Array(String)}, {kind_values: Array(UInt64)})
    AND (empty({drivers: Array(String)}) OR b.driver IN {drivers: Array(String)})
    AND (empty({driver_versions: Array(String)}) OR b.driver_version IN {driver_versions: Array(String)})
    AND (empty({update_channels: Array(String)}) OR b.update_channel IN {update_channels: Array(String)})
    AND (empty({update_versions: Array(String)}) OR b.update_version IN {update_versions: Array(String)})
    AND (empty({bugcheck_codes: Array(UInt32)}) OR b.bugcheck_code IN {bugcheck_codes: Array(UInt32)})
    AND (empty({countries: Array(String)}) OR b.country IN {countries: Array(String)})
    AND (empty({org_ids: Array(String)}) OR b.org_id IN {org_ids: Array(String)})
    AND (empty({os_builds: Array(String)}) OR b.os_build IN {os_builds: Array(String)})
) AS failed
GROUP BY dimension, value, version
ORDER BY dimension, hosts DESC, value, version
LIMIT {most: UInt32} BY dimension
