-- Which actions of people stand in the store under these ids, wherever in Kafka they came from?
-- parameters  ids  event ids
-- columns     source_partition, source_offset; received_ms  arrival, milliseconds since 1970 UTC; content_hash_text  64 bits as text
--             content  the canonical fields in the contract's order: times in milliseconds since 1970 UTC, 64-bit values as text
SELECT source_partition, source_offset, toUnixTimestamp64Milli(received_at) AS received_ms, toString(content_hash) AS content_hash_text, tuple(
    event_id, toUnixTimestamp64Milli(occurred_at), incident_id, action, actor, assignee,
    if(isNull(muted_until), NULL, toUnixTimestamp64Milli(assumeNotNull(muted_until))), muted_factor, text) AS content
FROM incident_actions
WHERE event_id IN {ids: Array(String)}
