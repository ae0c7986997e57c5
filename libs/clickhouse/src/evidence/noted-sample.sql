-- What was known of sampled hosts at the last full hour that was noted?
-- parameters  since, until  when it was noted, arrival time, milliseconds since 1970 UTC, both ends included
-- columns     as of the table, `noted_at` in milliseconds
SELECT toUnixTimestamp64Milli(host_lives.noted_at) AS noted_ms, host_id, org_id, country, os_build, sample_level, level, beat_at,
    least_delay_ms, last_sign_at, stopped_at, intervals, known_since, broke_at, newest_day, hours, judged_at
FROM host_lives FINAL
WHERE host_lives.noted_at =
(
    SELECT max(noted_at) FROM host_lives
    WHERE noted_at >= fromUnixTimestamp64Milli({since: Int64}) AND noted_at <= fromUnixTimestamp64Milli({until: Int64})
)
ORDER BY host_id
