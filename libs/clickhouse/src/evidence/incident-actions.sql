-- What did people do with incidents, as it arrived?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
-- columns     as of the table, times in milliseconds; of an id that came with several contents the one that arrived first
WITH actions AS
(
    SELECT event_id,
        min((toUnixTimestamp64Milli(incident_actions.received_at), source_partition, source_offset)) AS arrival,
        argMin(
            (toUnixTimestamp64Milli(incident_actions.occurred_at), incident_id, toString(action), actor, assignee,
                if(isNull(incident_actions.muted_until), NULL, toUnixTimestamp64Milli(assumeNotNull(incident_actions.muted_until))), muted_factor, text),
            (incident_actions.received_at, source_partition, source_offset)) AS said
    FROM incident_actions
    WHERE event_id IN
    (
        SELECT event_id FROM incident_actions
        WHERE incident_actions.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND incident_actions.received_at < fromUnixTimestamp64Milli({until: Int64})
    )
    GROUP BY event_id
)
SELECT arrival.1 AS received_at, event_id, said.1 AS occurred_at, said.2 AS incident_id, said.3 AS action, said.4 AS actor,
    said.5 AS assignee, said.6 AS muted_until, said.7 AS muted_factor, said.8 AS text
FROM actions
WHERE received_at >= {since: Int64} AND received_at < {until: Int64}
ORDER BY received_at, event_id
