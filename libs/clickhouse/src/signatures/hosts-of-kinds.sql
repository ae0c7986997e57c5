-- hosts-of-kinds.sql: how many hosts failed in any of these ways, by the group that a way belongs to?
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             drivers ... os_builds   only crashes with one of these values; an empty list means any
--             subtype_codes, subtype_parameters   pairwise: which parameter (1 to 4) tells the kinds of a stop code apart
--             kind_codes, kind_drivers, kind_values, kind_groups   the ways, pairwise, each with its group
-- columns     kind_group           the group
--             hosts                distinct hosts
SELECT kinds.kind_group AS kind_group, uniqExact(failed.host_hash) AS hosts
FROM
(
    SELECT b.host_hash AS host_hash, b.bugcheck_code AS code, toString(b.driver) AS image, if(indexOf({subtype_codes: Array(UInt32)}, b.bugcheck_code) = 0, toUInt64(0),
        b.bugcheck_parameters[{subtype_parameters: Array(UInt8)}[indexOf({subtype_codes: Array(UInt32)}, b.bugcheck_code)]]) AS value
    FROM bugchecks AS b
    WHERE b.occurred_at >= fromUnixTimestamp64Milli({since_ms: Int64}, 'UTC')
    AND b.occurred_at < fromUnixTimestamp64Milli({until_ms: Int64}, 'UTC')
    AND toStartOfHour(b.occurred_at) >= toStartOfHour(toDateTime(least(intDiv({since_ms: Int64}, 1000), 4294967295), 'UTC'))
    AND toStartOfHour(b.occurred_at) <= toDateTime(least(intDiv({until_ms: Int64}, 1000), 4294967295), 'UTC')
        AND b.bugcheck_code IN {kind_codes: Array(UInt32)} AND b.driver IN {kind_drivers: Array(String)}
    AND (empty({drivers: Array(String)}) OR b.driver IN {drivers: Array(String)})
    AND (empty({driver_versions: Array(String)}) OR b.driver_version IN {driver_versions: Array(String)})
    AND (empty({update_channels: Array(String)}) OR b.update_channel IN {update_channels: Array(String)})
    AND (empty({update_versions: Array(String)}) OR b.update_version IN {update_versions: Array(String)})
    AND (empty({bugcheck_codes: Array(UInt32)}) OR b.bugcheck_code IN {bugcheck_codes: Array(UInt32)})
    AND (empty({countries: Array(String)}) OR b.country IN {countries: Array(String)})
    AND (empty({org_ids: Array(String)}) OR b.org_id IN {org_ids: Array(String)})
    AND (empty({os_builds: Array(String)}) OR b.os_build IN {os_builds: Array(String)})
) AS failed
INNER JOIN
(
    SELECT tupleElement(kind, 1) AS code, tupleElement(kind, 2) AS image, tupleElement(kind, 3) AS value, tupleElement(kind, 4) AS kind_group
    FROM (SELECT arrayJoin(arrayZip({kind_codes: Array(UInt32)}, {kind_drivers: Array(String)}, {kind_values: Array(UInt64)}, {kind_groups: Array(UInt32)})) AS kind)
) AS kinds ON kinds.code = failed.code AND kinds.image = failed.image AND kinds.value = failed.value
GROUP BY kind_group
ORDER BY kind_group
