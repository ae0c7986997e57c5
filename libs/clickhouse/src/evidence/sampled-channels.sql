-- Which sampled hosts were first known to run which channel?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
--             parts         one host in so many is sampled, a power of two, by the hash of its name
-- columns     level         zero bits at the end of the hash; received_at  of the first sign that it runs the channel
SELECT update_channel, host_id,
    toUInt8(bitCount(bitXor(cityHash64(host_id), cityHash64(host_id) - 1)) - 1) AS level,
    toUnixTimestamp64Milli(tupleElement(min(channel_hosts.first), 1)) AS received_at
FROM channel_hosts
WHERE cityHash64(host_id) % {parts: UInt64} = 0
GROUP BY update_channel, host_id
HAVING received_at >= {since: Int64} AND received_at < {until: Int64}
ORDER BY received_at, update_channel, host_id
