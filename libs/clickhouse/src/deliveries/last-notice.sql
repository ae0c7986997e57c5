-- last-notice.sql: what was a receiver told last of something that is no incident, such as the watchdog?
-- parameters  receiver   its name
--             subject    what stands in place of an incident
-- columns     change       what was said
--             outcome      how it went
--             started_ms   when, milliseconds since 1970 UTC
SELECT change, outcome, toUnixTimestamp64Milli(started_at) AS started_ms
FROM deliveries
WHERE receiver = {receiver: String} AND incident_id = {subject: String}
ORDER BY started_at DESC, attempt DESC
LIMIT 1
