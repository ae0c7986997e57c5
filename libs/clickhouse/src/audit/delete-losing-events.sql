-- Deletes the losers of open conflicts from bugchecks, updates or installs.
-- parameters  table  one of the three, also the topic
-- columns     none: it deletes
DELETE FROM {table: Identifier}
WHERE toStartOfHour(occurred_at) IN (SELECT toStartOfHour(occurred_at) FROM conflicts FINAL WHERE topic = {table: String} AND settled = 0)
    AND (event_id, content_hash) IN (SELECT event_id, content_hash FROM conflicts FINAL WHERE topic = {table: String} AND settled = 0)
