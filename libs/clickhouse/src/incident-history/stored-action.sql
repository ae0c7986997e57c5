-- stored-action.sql: what did somebody do under this event id? Of several contents the one that arrived first.
-- parameters  event_id     the id of the action
-- columns     as of the table, times in milliseconds; no row while it is not stored
SELECT event_id, toUnixTimestamp64Milli(incident_actions.occurred_at) AS occurred_at, incident_id, toString(action) AS action, actor, assignee,
    if(isNull(incident_actions.muted_until), NULL, toUnixTimestamp64Milli(assumeNotNull(incident_actions.muted_until))) AS muted_until, muted_factor, text
FROM incident_actions
WHERE event_id = {event_id: String}
ORDER BY received_at, source_partition, source_offset
LIMIT 1
