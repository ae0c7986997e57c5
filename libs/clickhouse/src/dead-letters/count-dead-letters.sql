-- What was refused, by source topic, reason and field?
-- parameters  topic, reason, field  empty for all; since, until  record timestamps, half-open, milliseconds since 1970 UTC
-- columns     topic, reason, field
--             letters; redriven  how many of them were sent again
--             first_at, last_at  record timestamps, milliseconds since 1970 UTC
--             sample_source, sample_detail, sample_text  the latest one: topic[partition]@offset, why, and how its bytes begin
SELECT source_topic AS topic, reason, field, count() AS letters, countIf(was_redriven) AS redriven,
    toUnixTimestamp64Milli(min(source_timestamp)) AS first_at, toUnixTimestamp64Milli(max(source_timestamp)) AS last_at,
    argMax(concat(source_topic, '[', toString(source_partition), ']@', toString(source_offset)), source_timestamp) AS sample_source,
    argMax(detail, source_timestamp) AS sample_detail,
    argMax(toValidUTF8(substring(payload, 1, 200)), source_timestamp) AS sample_text
FROM (
    SELECT *, (source_topic, source_partition, source_offset) IN (
        SELECT source_topic, source_partition, source_offset FROM redriven_letters
    ) AS was_redriven
    FROM dead_letters FINAL
    WHERE ({topic: String} = '' OR source_topic = {topic: String}) AND ({reason: String} = '' OR reason = {reason: String})
    AND ({field: String} = '' OR field = {field: String})
    AND source_timestamp >= fromUnixTimestamp64Milli({since: Int64}, 'UTC') AND source_timestamp < fromUnixTimestamp64Milli({until: Int64}, 'UTC')
)
GROUP BY topic, reason, field
ORDER BY letters DESC, topic, reason, field
