-- Deletes the losers of open conflicts from bugchecks, updates, installs or incident_actions.
-- parameters  table  one of the four; topic  that it is fed from
-- columns     none: it deletes
DELETE FROM {table: Identifier}
WHERE toStartOfHour(occurred_at) IN (SELECT toStartOfHour(occurred_at) FROM conflicts FINAL WHERE topic = {topic: String} AND settled = 0)
    AND (event_id, content_hash) IN (SELECT event_id, content_hash FROM conflicts FINAL WHERE topic = {topic: String} AND settled = 0)
