-- past-deliveries.sql: what has become so far of the changes of these incidents at these receivers?
-- parameters  receivers      their names
--             incident_ids   the incidents in question
-- columns     receiver, incident_id, sequence   the change, at whom
--             attempts                          number of the last attempt; 0 where it was settled without one
--             outcomes                          every outcome that was recorded, in no order
--             message_id                        what the receiver calls the message, as it said last; empty where it said nothing
--             message_ms                        when that was, milliseconds since 1970 UTC
SELECT receiver, incident_id, sequence, max(attempt) AS attempts, groupUniqArray(outcome) AS outcomes,
    argMaxIf(deliveries.message_id, started_at, deliveries.message_id != '') AS message_id,
    toUnixTimestamp64Milli(maxIf(started_at, deliveries.message_id != '')) AS message_ms
FROM deliveries
WHERE incident_id IN {incident_ids: Array(String)} AND receiver IN {receivers: Array(String)}
GROUP BY receiver, incident_id, sequence
ORDER BY receiver, incident_id, sequence
