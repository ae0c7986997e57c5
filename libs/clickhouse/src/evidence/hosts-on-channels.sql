-- Which hosts are known to run these channels?
-- parameters  channels  the channels asked for
--             until     arrival time, milliseconds since 1970 UTC: only what arrived before counts
-- columns     received_at, occurred_at  of the first sign that the host runs the channel
WITH firsts AS
(
    SELECT update_channel, host_id, min(channel_hosts.first) AS earliest
    FROM channel_hosts
    WHERE update_channel IN {channels: Array(String)}
    GROUP BY update_channel, host_id
)
SELECT update_channel, host_id,
    toUnixTimestamp64Milli(earliest.1) AS received_at,
    toUnixTimestamp64Milli(if(earliest.2 > earliest.1 + INTERVAL 2 MINUTE, earliest.1, earliest.2)) AS occurred_at
FROM firsts
WHERE received_at < {until: Int64}
ORDER BY host_id, update_channel
