-- Which heartbeats stand in the store for these offsets of a partition, and what do they say?
-- parameters  source_partition; first, last  offsets, both inclusive
-- columns     source_offset
--             content  the canonical fields in the contract's order: times in milliseconds since 1970 UTC, 64-bit values as text
SELECT source_offset, tuple(
    toUnixTimestamp64Milli(occurred_at), host_id, org_id, country, os_build, toUnixTimestamp64Milli(booted_at),
    arrayMap(each -> (toString(each.1), toString(each.2)), updates)) AS content
FROM heartbeats
WHERE source_partition = {source_partition: UInt32} AND source_offset BETWEEN {first: UInt64} AND {last: UInt64}
