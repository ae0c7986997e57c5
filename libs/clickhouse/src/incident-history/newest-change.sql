-- newest-change.sql: which is the last change in the order of decisions?
-- columns     detected_ms, incident_id, sequence   its place; no row when there is no incident
SELECT toUnixTimestamp64Milli(detected_at) AS detected_ms, incident_id, sequence
FROM incidents
ORDER BY detected_ms DESC, incident_id DESC, sequence DESC
LIMIT 1
