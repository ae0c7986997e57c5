-- changes-after.sql: what happened to incidents since a place in the order of decisions?
-- The order is that of ticks, and within one of incidents and their sequence: the detector stores a tick at once and ticks in order,
-- so that nothing appears before a place that was read.
-- parameters  after_ms, after_incident_id, after_sequence   the place: a change that was read
--             max_rows      most rows to answer
-- columns     detected_ms, incident_id, sequence   the place of the change
--             record        the change, as on the topic `incidents`
SELECT toUnixTimestamp64Milli(detected_at) AS detected_ms, incident_id, sequence, record
FROM incidents FINAL
WHERE detected_at >= fromUnixTimestamp64Milli({after_ms: Int64}, 'UTC')
    AND (toUnixTimestamp64Milli(detected_at), incident_id, toInt64(sequence)) > ({after_ms: Int64}, {after_incident_id: String}, {after_sequence: Int64})
ORDER BY detected_ms, incident_id, sequence
LIMIT {max_rows: UInt32}
