-- incident-changes.sql: what happened to one incident, change by change?
-- parameters  incident_id   the incident
-- columns     record        the change, as on the topic `incidents`, first to last
SELECT record
FROM incidents FINAL
WHERE incident_id = {incident_id: String}
ORDER BY sequence
