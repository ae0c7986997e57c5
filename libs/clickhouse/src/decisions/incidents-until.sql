-- What was the last change of each incident up to a tick?
-- parameters  until  the tick, milliseconds since 1970 UTC, inclusive
-- columns     record  the change as on the topic
SELECT argMax(record, sequence) AS record
FROM incidents FINAL
WHERE detected_at <= fromUnixTimestamp64Milli({until: Int64})
GROUP BY incident_id
ORDER BY incident_id
