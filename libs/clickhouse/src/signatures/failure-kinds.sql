-- failure-kinds.sql: in which ways did hosts fail, told apart by all that a signature is made of?
-- parameters  since_ms, until_ms   event time of the crashes, half-open, milliseconds since 1970
--             drivers ... os_builds   only crashes with one of these values; an empty list means any
--             subtype_codes, subtype_parameters   pairwise: which parameter (1 to 4) tells the kinds of a stop code apart
--             max_rows             most rows to answer
-- columns     bugcheck_code, driver
--             value                that parameter, as text; 0 for other stop codes
--             crashes, hosts       distinct events and hosts
--             first_ms, last_ms    event time of the first and the last crash
SELECT b.bugcheck_code AS bugcheck_code, toString(b.driver) AS driver, toString(if(indexOf({subtype_codes: Array(UInt32)}, b.bugcheck_code) = 0, toUInt64(0),
        b.bugcheck_parameters[{subtype_parameters: Array(UInt8)}[indexOf({subtype_codes: Array(UInt32)}, b.bugcheck_code)]])) AS value,
    count() AS crashes, uniqExact(b.host_hash) AS hosts,
    toUnixTimestamp64Milli(min(b.occurred_at)) AS first_ms, toUnixTimestamp64Milli(max(b.occurred_at)) AS last_ms
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
GROUP BY bugcheck_code, driver, value
ORDER BY crashes DESC, bugcheck_code, driver, value
LIMIT {max_rows: UInt32}
SETTINGS do_not_merge_across_partitions_select_final = 1
