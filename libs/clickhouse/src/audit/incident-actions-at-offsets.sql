-- Which actions of people stand in the store for these offsets of a partition, and what do they say?
-- parameters  source_partition; first, last  offsets, both inclusive
-- columns     source_offset
--             content  the canonical fields in the contract's order: times in milliseconds since 1970 UTC, 64-bit values as text
SELECT source_offset, tuple(
    event_id, toUnixTimestamp64Milli(occurred_at), incident_id, action, actor, assignee,
    if(isNull(muted_until), NULL, toUnixTimestamp64Milli(assumeNotNull(muted_until))), muted_factor, text) AS content
FROM incident_actions
WHERE source_partition = {source_partition: UInt32} AND source_offset BETWEEN {first: UInt64} AND {last: UInt64}
