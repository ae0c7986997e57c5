-- How many different events are stored of each input?
-- columns     bugchecks, updates, installs, incident-actions  distinct event ids; heartbeats  distinct hosts and times
SELECT
    (SELECT uniqExact(event_id) FROM bugchecks) AS bugchecks,
    (SELECT uniqExact(event_id) FROM updates) AS updates,
    (SELECT uniqExact(event_id) FROM installs) AS installs,
    (SELECT uniqExact(host_id, occurred_at) FROM heartbeats) AS heartbeats,
    (SELECT uniqExact(event_id) FROM incident_actions) AS `incident-actions`
