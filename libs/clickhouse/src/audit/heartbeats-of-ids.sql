-- Which heartbeats stand in the store under these ids, wherever in Kafka they came from?
-- parameters  ids  host ids; instants  their event times in milliseconds since 1970 UTC
-- columns     source_partition, source_offset; received_ms  arrival, milliseconds since 1970 UTC; content_hash_text  64 bits as text
--             content  the canonical fields in the contract's order: times in milliseconds since 1970 UTC, 64-bit values as text
SELECT source_partition, source_offset, toUnixTimestamp64Milli(received_at) AS received_ms, toString(content_hash) AS content_hash_text, tuple(
    toUnixTimestamp64Milli(occurred_at), host_id, org_id, country, os_build, toUnixTimestamp64Milli(booted_at),
    arrayMap(each -> (toString(each.1), toString(each.2)), updates)) AS content
FROM heartbeats
WHERE toStartOfHour(occurred_at) IN (SELECT toStartOfHour(fromUnixTimestamp64Milli(arrayJoin({instants: Array(Int64)}), 'UTC')))
    AND host_id IN {ids: Array(String)}
