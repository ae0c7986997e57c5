-- list-deliveries.sql: which attempts were made, and what came of them?
-- parameters  incident_id, receiver, request_id   only rows of these; empty means any
--             outcomes    only these; empty means any
--             since_ms    only attempts that began then or later, milliseconds since 1970 UTC
--             max_rows    most rows to answer
-- columns     started_ms  when the attempt began, milliseconds since 1970 UTC; newest first
--             the others as of the table
SELECT toUnixTimestamp64Milli(started_at) AS started_ms, receiver, incident_id, sequence, change, attempt, outcome, status,
    detail, duration_ms, carried_by, digest, message_id
FROM deliveries FINAL
WHERE ({incident_id: String} = '' OR incident_id = {incident_id: String})
    AND ({receiver: String} = '' OR receiver = {receiver: String})
    AND ({request_id: String} = '' OR request_id = {request_id: String})
    AND (empty({outcomes: Array(String)}) OR outcome IN {outcomes: Array(String)})
    AND started_at >= fromUnixTimestamp64Milli({since_ms: Int64})
ORDER BY started_at DESC, incident_id, sequence DESC, attempt DESC
LIMIT {max_rows: UInt32}
