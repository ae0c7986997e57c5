-- The messages themselves as rows, converted on the way.
INSERT INTO bugchecks (event_id, occurred_at, received_at, host_id, org_id, country, os_build, bugcheck_code, bugcheck_parameters,
    driver, driver_version, update_channel, update_version, fault_offset, uptime_seconds, recent_updates)
WITH text -> if(startsWith(text, '0x'), reinterpretAsUInt64(reverse(unhex(leftPad(substring(text, 3), 16, '0')))), toUInt64OrZero(text))
    AS number
SELECT event_id, occurred_at, now64(3), host_id, org_id, country, os_build, arrayMap(number, [bugcheck_code])[1],
    arrayMap(number, bugcheck_parameters), lower(driver), driver_version, update_channel, update_version,
    if(fault_offset = '', NULL, arrayMap(number, [fault_offset])[1]), uptime_seconds, recent_updates
FROM input('event_id String, occurred_at DateTime64(3, \'UTC\'), host_id String, org_id String, country String, os_build String,
    bugcheck_code String, bugcheck_parameters Array(String), driver String, driver_version String, update_channel String,
    update_version String, fault_offset String, uptime_seconds Nullable(UInt64),
    recent_updates Array(Tuple(update_channel String, update_version String, applied_at DateTime64(3, \'UTC\')))')
SETTINGS date_time_input_format = 'best_effort'
FORMAT JSONEachRow
