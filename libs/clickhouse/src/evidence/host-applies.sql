-- Which updates had hosts applied that crashed?
-- parameters  since, until  arrival time of the crash, milliseconds since 1970 UTC, half-open
-- columns     received_at, occurred_at  of the first sign of it that arrived, before the end of the interval; occurred_at is
--             event time, or arrival time where the host's clock is more than two minutes ahead
WITH firsts AS
(
    SELECT update_channel, update_version, host_id, min(applied_updates.first) AS earliest
    FROM applied_updates
    WHERE host_id IN
    (
        SELECT host_id FROM bugchecks
        WHERE bugchecks.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND bugchecks.received_at < fromUnixTimestamp64Milli({until: Int64})
    )
    GROUP BY update_channel, update_version, host_id
)
SELECT host_id, update_channel, update_version,
    toUnixTimestamp64Milli(earliest.1) AS received_at,
    toUnixTimestamp64Milli(if(earliest.2 > earliest.1 + INTERVAL 2 MINUTE, earliest.1, earliest.2)) AS occurred_at
FROM firsts
WHERE received_at < {until: Int64}
ORDER BY received_at, host_id, update_channel, update_version
