-- Which hosts were found silent?
-- parameters  since, until  when it was noted, arrival time, milliseconds since 1970 UTC, half-open
-- columns     as of the table, `noted_at` in milliseconds
SELECT toUnixTimestamp64Milli(silences.noted_at) AS noted_ms, host_id, org_id, country, os_build, kind, last_sign_at, pace_ms, channels, applied
FROM silences FINAL
WHERE silences.noted_at >= fromUnixTimestamp64Milli({since: Int64}) AND silences.noted_at < fromUnixTimestamp64Milli({until: Int64})
ORDER BY noted_ms, host_id
