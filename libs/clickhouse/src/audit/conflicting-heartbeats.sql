-- Which hosts that were heard since a moment say of one instant more than one thing? One share of the heartbeats.
-- parameters  since  seconds since 1970 UTC; share, shares  heartbeats are taken whose hash modulo `shares` is `share`; most  at once
-- columns     id  the host id
--             instants  the event time in question, in milliseconds since 1970 UTC
SELECT host_id AS id, [toUnixTimestamp64Milli(occurred_at)] AS instants
FROM heartbeats
WHERE toStartOfHour(occurred_at) IN (SELECT toStartOfHour(occurred_at) FROM heartbeats WHERE stored_at >= fromUnixTimestamp({since: Int64}))
    AND cityHash64(host_id, occurred_at) IN (
        SELECT cityHash64(host_id, occurred_at) FROM heartbeats
        WHERE stored_at >= fromUnixTimestamp({since: Int64})
            AND cityHash64(host_id, occurred_at) % {shares: UInt32} = {share: UInt32}
    )
GROUP BY host_id, occurred_at
HAVING min(content_hash) != max(content_hash)
ORDER BY host_id, occurred_at
LIMIT {most: UInt32}
