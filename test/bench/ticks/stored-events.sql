-- stored-events.sql: how many rows are stored
-- columns     rows  of all four inputs
SELECT (SELECT count() FROM bugchecks) + (SELECT count() FROM installs) + (SELECT count() FROM heartbeats) + (SELECT count() FROM updates) AS rows
