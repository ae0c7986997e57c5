-- Takes lines of MadeUpMessage.truth with their places in front.
INSERT INTO truth.bugchecks
SELECT
    source_partition, source_offset, event_id, fromUnixTimestamp64Milli(occurred, 'UTC') AS occurred_at, host_id, org_id, country,
    os_build, code AS bugcheck_code,
    arrayMap(digits -> reinterpretAsUInt64(reverse(unhex(leftPad(digits, 16, '0')))), parameters) AS bugcheck_parameters,
    driver, driver_version, update_channel, update_version,
    if(fault = '', NULL, reinterpretAsUInt64(reverse(unhex(leftPad(substring(fault, 3), 16, '0'))))) AS fault_offset,
    uptime AS uptime_seconds,
    arrayMap((channel, version, at) -> (channel, version, fromUnixTimestamp64Milli(at, 'UTC')), channels, versions, applied)
        AS recent_updates
FROM input('source_partition UInt32, source_offset UInt64, event_id String, occurred Int64, host_id String, org_id String,
    country String, os_build String, code UInt32, parameters Array(String), driver String, driver_version String,
    update_channel String, update_version String, fault String, uptime Nullable(UInt64), channels Array(String),
    versions Array(String), applied Array(Int64)')
FORMAT TabSeparated
