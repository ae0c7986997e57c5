-- Which bugchecks stand in the store for these offsets of a partition, and what do they say?
-- parameters  source_partition; first, last  offsets, both inclusive
-- columns     source_offset
--             content  the canonical fields in the contract's order: times in milliseconds since 1970 UTC, 64-bit values as text
SELECT source_offset, tuple(
    event_id, toUnixTimestamp64Milli(occurred_at), host_id, org_id, country, os_build, bugcheck_code,
    arrayMap(value -> toString(value), bugcheck_parameters), driver, driver_version, update_channel, update_version,
    toString(fault_offset), toString(uptime_seconds),
    arrayMap(each -> (each.1, each.2, toUnixTimestamp64Milli(each.3)), recent_updates)) AS content
FROM bugchecks
WHERE source_partition = {source_partition: UInt32} AND source_offset BETWEEN {first: UInt64} AND {last: UInt64}
