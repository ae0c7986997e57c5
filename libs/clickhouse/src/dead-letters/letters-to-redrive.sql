-- Which dead letters could be sent again? Not those of conflicts, not those that were. Page by page in the order of the table.
-- parameters  topic, reason, field  empty for all; since, until  record timestamps, half-open, milliseconds since 1970 UTC
--             after_topic, after_partition, after_offset  the last one of the page before; most  rows
-- columns     source_topic, source_partition, source_offset; source_timestamp_ms  milliseconds since 1970 UTC; reason, field
--             key_text, payload_text  the bytes as base64
SELECT source_topic, source_partition, source_offset, toUnixTimestamp64Milli(dead_letters.source_timestamp) AS source_timestamp_ms,
    reason, field, base64Encode(key) AS key_text, base64Encode(payload) AS payload_text
FROM dead_letters FINAL
WHERE ({topic: String} = '' OR source_topic = {topic: String}) AND ({reason: String} = '' OR reason = {reason: String})
    AND ({field: String} = '' OR field = {field: String})
    AND source_timestamp >= fromUnixTimestamp64Milli({since: Int64}, 'UTC') AND source_timestamp < fromUnixTimestamp64Milli({until: Int64}, 'UTC')
    AND reason != 'conflict'
    AND (source_topic, source_partition, source_offset) > ({after_topic: String}, {after_partition: UInt32}, {after_offset: Int64})
    AND (source_topic, source_partition, source_offset) NOT IN (SELECT source_topic, source_partition, source_offset FROM redriven_letters)
ORDER BY source_topic, source_partition, source_offset
LIMIT {most: UInt32}
