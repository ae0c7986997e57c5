-- Which dead letters stand in the table since a moment? Page by page, in the order of the table.
-- parameters  since  seconds since 1970 UTC; after_topic, after_partition, after_offset  the last one of the page before; most  rows
-- columns     source_topic, source_partition, source_offset
SELECT source_topic, source_partition, source_offset
FROM dead_letters FINAL
WHERE stored_at >= fromUnixTimestamp({since: Int64})
    AND (source_topic, source_partition, source_offset) > ({after_topic: String}, {after_partition: UInt32}, {after_offset: Int64})
ORDER BY source_topic, source_partition, source_offset
LIMIT {most: UInt32}
