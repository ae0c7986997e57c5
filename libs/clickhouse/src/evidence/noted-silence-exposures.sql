-- Beside the hosts that were found silent: how many could have fallen silent, and how many of them had taken each update?
-- parameters  since, until  when it was noted, arrival time, milliseconds since 1970 UTC, half-open
-- columns     as of the table, `noted_at` in milliseconds
SELECT toUnixTimestamp64Milli(silence_exposures.noted_at) AS noted_ms, update_channel, update_version, kind, eligible, treated, recent
FROM silence_exposures FINAL
WHERE silence_exposures.noted_at >= fromUnixTimestamp64Milli({since: Int64}) AND silence_exposures.noted_at < fromUnixTimestamp64Milli({until: Int64})
ORDER BY noted_ms, update_channel, update_version, kind
