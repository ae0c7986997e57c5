-- Which updates had hosts applied that crashed?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
--             crashed_since  crashes that arrived before do not matter
-- Of hosts whose crash arrived in the interval: all applies that arrived before its end. Of hosts that crashed earlier: the
-- applies that arrived in the interval, since installs may be told later than the crash.
-- columns     occurred_at  event time; arrival time where the host's clock is more than two minutes ahead
WITH
    crashed AS
    (
        SELECT host_id, max(bugchecks.received_at >= fromUnixTimestamp64Milli({since: Int64})) AS in_interval
        FROM bugchecks
        WHERE bugchecks.received_at >= fromUnixTimestamp64Milli({crashed_since: Int64}) AND bugchecks.received_at < fromUnixTimestamp64Milli({until: Int64})
        GROUP BY host_id
    ),
    asked AS
    (
        SELECT host_id FROM crashed WHERE in_interval
        UNION DISTINCT
        SELECT host_id FROM installs
        WHERE outcome = 'applied' AND host_id IN (SELECT host_id FROM crashed)
            AND installs.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND installs.received_at < fromUnixTimestamp64Milli({until: Int64})
    ),
    firsts AS
    (
        SELECT update_channel, update_version, host_id, min(applied_updates.first) AS earliest
        FROM applied_updates
        WHERE host_id IN (SELECT host_id FROM asked)
        GROUP BY update_channel, update_version, host_id
    )
SELECT host_id, update_channel, update_version,
    toUnixTimestamp64Milli(earliest.1) AS received_at,
    toUnixTimestamp64Milli(if(earliest.2 > earliest.1 + INTERVAL 2 MINUTE, earliest.1, earliest.2)) AS occurred_at
FROM firsts
WHERE received_at < {until: Int64}
ORDER BY received_at, host_id, update_channel, update_version
