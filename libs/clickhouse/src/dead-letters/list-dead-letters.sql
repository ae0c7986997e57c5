-- list-dead-letters.sql: which messages were refused? Newest record first.
-- parameters  topics, reasons, fields   only letters with one of these values; an empty list means any
--             since_ms, until_ms   record timestamps, half-open, milliseconds since 1970 UTC
--             before_ms, after_topic, after_partition, after_offset   where the last page ended
--             shown                how many characters of the payload to show
--             max_rows             most rows to answer
-- columns     topic, source_partition, source_offset   where it came from
--             record_ms, received_ms   the record's timestamp and the arrival, milliseconds since 1970 UTC
--             reason, field, detail    why it was refused
--             message_key, sample      its key and how its payload begins, as far as they are text
--             payload_bytes        how long the payload is
--             redriven_ms          when it was sent again; null when it was not
SELECT letters.source_topic AS topic, letters.source_partition AS source_partition, letters.source_offset AS source_offset,
    toUnixTimestamp64Milli(letters.source_timestamp) AS record_ms, toUnixTimestamp64Milli(letters.received_at) AS received_ms,
    toString(letters.reason) AS reason, toString(letters.field) AS field, letters.detail AS detail,
    toValidUTF8(letters.key) AS message_key, substringUTF8(toValidUTF8(substring(letters.payload, 1, 4 * {shown: UInt32})), 1, {shown: UInt32}) AS sample,
    length(letters.payload) AS payload_bytes, if(again.redriven_ms = 0, NULL, again.redriven_ms) AS redriven_ms
FROM
(
    SELECT * FROM dead_letters FINAL
    WHERE (empty({topics: Array(String)}) OR source_topic IN {topics: Array(String)})
        AND (empty({reasons: Array(String)}) OR reason IN {reasons: Array(String)})
        AND (empty({fields: Array(String)}) OR field IN {fields: Array(String)})
        AND source_timestamp >= fromUnixTimestamp64Milli({since_ms: Int64}, 'UTC')
        AND source_timestamp < fromUnixTimestamp64Milli({until_ms: Int64}, 'UTC')
        AND (-toUnixTimestamp64Milli(source_timestamp), toString(source_topic), toInt64(source_partition), toInt64(source_offset))
            > (-{before_ms: Int64}, {after_topic: String}, {after_partition: Int64}, {after_offset: Int64})
    ORDER BY source_timestamp DESC, source_topic, source_partition, source_offset
    LIMIT {max_rows: UInt32}
) AS letters
LEFT JOIN
(
    SELECT source_topic, source_partition, source_offset, toUnixTimestamp64Milli(max(redriven_at)) AS redriven_ms
    FROM redriven_letters GROUP BY source_topic, source_partition, source_offset
) AS again ON again.source_topic = letters.source_topic AND again.source_partition = letters.source_partition
    AND again.source_offset = letters.source_offset
ORDER BY record_ms DESC, topic, source_partition, source_offset
