-- Which dead letters stand in the table for these offsets of a partition?
-- parameters  topic; source_partition; first, last  offsets, both inclusive
-- columns     source_offset, reason
--             hash  SHA-256 of the payload, upper-case hexadecimal
SELECT source_offset, reason, hex(SHA256(payload)) AS hash
FROM dead_letters FINAL
WHERE source_topic = {topic: String} AND source_partition = {source_partition: UInt32}
    AND source_offset BETWEEN {first: UInt64} AND {last: UInt64}
