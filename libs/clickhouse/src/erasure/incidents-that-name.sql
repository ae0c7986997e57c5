-- Which changes of incidents name an id in their JSON?
-- parameters  quoted  the id as JSON writes it; pattern  a regular expression for it as a word of a text
-- columns     all of incidents but stored_at; times in milliseconds since 1970 UTC
SELECT incident_id, sequence, state, change, severity, toUnixTimestamp64Milli(incidents.detected_at) AS detected_at,
    toUnixTimestamp64Milli(incidents.opened_at) AS opened_at, toUnixTimestamp64Milli(incidents.first_crash_at) AS first_crash_at,
    update_channel, update_version, driver, scope, signal, recommendation, suspect, other_suspects, evidence, record
FROM incidents FINAL
WHERE position(record, {quoted: String}) > 0 OR position(evidence, {quoted: String}) > 0
    OR position(suspect, {quoted: String}) > 0 OR position(other_suspects, {quoted: String}) > 0
    OR match(record, {pattern: String})
