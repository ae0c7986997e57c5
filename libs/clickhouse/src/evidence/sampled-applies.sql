-- Which sampled hosts took which update for the first time?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
--             parts         one host in so many is sampled, a power of two, by the hash of its name
-- columns     level         zero bits at the end of the hash
--             occurred_at   event time; arrival time where the host's clock is more than two minutes ahead
WITH
    arrived AS
    (
        SELECT DISTINCT update_channel, update_version, host_id
        FROM installs
        WHERE outcome = 'applied' AND cityHash64(host_id) % {parts: UInt64} = 0
            AND received_at >= fromUnixTimestamp64Milli({since: Int64}) AND received_at < fromUnixTimestamp64Milli({until: Int64})
    ),
    firsts AS
    (
        SELECT update_channel, update_version, host_id, min(applied_updates.first) AS earliest
        FROM applied_updates
        WHERE (update_channel, update_version, host_id) IN (SELECT update_channel, update_version, host_id FROM arrived)
        GROUP BY update_channel, update_version, host_id
        HAVING toUnixTimestamp64Milli(earliest.1) >= {since: Int64} AND toUnixTimestamp64Milli(earliest.1) < {until: Int64}
    )
SELECT update_channel, update_version, host_id,
    toUInt8(bitCount(bitXor(cityHash64(host_id), cityHash64(host_id) - 1)) - 1) AS level,
    toUnixTimestamp64Milli(earliest.1) AS received_at,
    toUnixTimestamp64Milli(if(earliest.2 > earliest.1 + INTERVAL 2 MINUTE, earliest.1, earliest.2)) AS occurred_at
FROM firsts
ORDER BY received_at, update_channel, update_version, host_id
