-- What was noted of hosts that could crash, and were awake?
-- parameters  since, until  when it was noted, arrival time, milliseconds since 1970 UTC, half-open
-- columns     as of the table, times in milliseconds
SELECT update_channel, update_version, stratum, untouched, untouched_awake, taken, taken_awake,
    toUnixTimestamp64Milli(awake_hosts.since) AS since, toUnixTimestamp64Milli(awake_hosts.noted_at) AS noted_at
FROM awake_hosts FINAL
WHERE awake_hosts.noted_at >= fromUnixTimestamp64Milli({since: Int64}) AND awake_hosts.noted_at < fromUnixTimestamp64Milli({until: Int64})
ORDER BY update_channel, update_version, since, stratum
