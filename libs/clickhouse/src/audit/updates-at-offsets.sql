-- Which updates stand in the store for these offsets of a partition, and what do they say?
-- parameters  source_partition; first, last  offsets, both inclusive
-- columns     source_offset
--             content  the canonical fields in the contract's order: times in milliseconds since 1970 UTC, 64-bit values as text
SELECT source_offset, tuple(
    event_id, toUnixTimestamp64Milli(occurred_at), action, update_channel, update_version, driver, replaces, ring,
    target_fraction, vendor, title, content_sha256) AS content
FROM updates
WHERE source_partition = {source_partition: UInt32} AND source_offset BETWEEN {first: UInt64} AND {last: UInt64}
