-- Which channels were hosts known to run whose crash arrived?
-- parameters  channels      the channels asked for
--             since, until  arrival time of the crash, milliseconds since 1970 UTC, half-open
-- columns     received_at, occurred_at  of the first sign that the host runs the channel
WITH firsts AS
(
    SELECT update_channel, host_id, min(channel_hosts.first) AS earliest
    FROM channel_hosts
    WHERE update_channel IN {channels: Array(String)} AND host_id IN
    (
        SELECT host_id FROM bugchecks
        WHERE bugchecks.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND bugchecks.received_at < fromUnixTimestamp64Milli({until: Int64})
    )
    GROUP BY update_channel, host_id
)
SELECT update_channel, host_id,
    toUnixTimestamp64Milli(earliest.1) AS received_at,
    toUnixTimestamp64Milli(if(earliest.2 > earliest.1 + INTERVAL 2 MINUTE, earliest.1, earliest.2)) AS occurred_at
FROM firsts
WHERE received_at < {until: Int64}
ORDER BY host_id, update_channel
