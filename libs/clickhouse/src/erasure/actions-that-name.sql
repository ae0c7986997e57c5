-- Which actions of people name an id in their own words?
-- parameters  pattern  a regular expression for the id as a word
-- columns     all of incident_actions that are inserted; times in milliseconds since 1970 UTC
SELECT event_id, toUnixTimestamp64Milli(incident_actions.occurred_at) AS occurred_at, toUnixTimestamp64Milli(incident_actions.received_at) AS received_at,
    incident_id, action, actor, assignee, toUnixTimestamp64Milli(incident_actions.muted_until) AS muted_until, muted_factor, text,
    source_partition, toString(source_offset) AS source_offset
FROM incident_actions
WHERE match(text, {pattern: String})
