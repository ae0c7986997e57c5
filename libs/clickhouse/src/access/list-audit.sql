-- list-audit.sql: what did people do? Newest first.
-- parameters  actors, actions, targets   only entries with one of these values; an empty list means any
--             before_ms, after_entry_id  where the last page ended
--             max_rows             most rows to answer
-- columns     as of the table; at_ms  milliseconds since 1970 UTC
SELECT entry_id, toUnixTimestamp64Milli(at) AS at_ms, actor, key_id, toString(action) AS action, target, before, after
FROM api_audit FINAL
WHERE (empty({actors: Array(String)}) OR actor IN {actors: Array(String)})
    AND (empty({actions: Array(String)}) OR action IN {actions: Array(String)})
    AND (empty({targets: Array(String)}) OR target IN {targets: Array(String)})
    AND (-toUnixTimestamp64Milli(at), entry_id) > (-{before_ms: Int64}, {after_entry_id: String})
ORDER BY at_ms DESC, entry_id
LIMIT {max_rows: UInt32}
