-- deliveries-page.sql: what were receivers told, and what came of it? Newest first.
-- parameters  receivers, incident_ids, outcomes   only rows with one of these values; an empty list means any
--             before_ms, after_incident_id, after_sequence, after_receiver, after_attempt   where the last page ended
--             max_rows             most rows to answer
-- columns     as of the table; started_ms  milliseconds since 1970 UTC
SELECT toString(receiver) AS receiver, incident_id, sequence, toString(change) AS change, attempt, toString(outcome) AS outcome, status, detail,
    toUnixTimestamp64Milli(started_at) AS started_ms, duration_ms,
    carried_by
FROM deliveries FINAL
WHERE (empty({receivers: Array(String)}) OR receiver IN {receivers: Array(String)})
    AND (empty({incident_ids: Array(String)}) OR incident_id IN {incident_ids: Array(String)})
    AND (empty({outcomes: Array(String)}) OR outcome IN {outcomes: Array(String)})
    AND (-toUnixTimestamp64Milli(started_at), incident_id, toInt64(sequence), toString(receiver), toInt64(attempt))
        > (-{before_ms: Int64}, {after_incident_id: String}, {after_sequence: Int64}, {after_receiver: String}, {after_attempt: Int64})
ORDER BY started_ms DESC, incident_id, sequence, receiver, attempt
LIMIT {max_rows: UInt32}
