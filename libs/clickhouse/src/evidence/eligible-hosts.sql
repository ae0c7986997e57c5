-- How many hosts were first known to run a channel, by what they were and by time?
-- parameters  channels      the channels asked for
--             since, until  arrival time, milliseconds since 1970 UTC, half-open
-- columns     os_build, country  of the host when it was first heard of
--             received_at   the minute of arrival, its start; occurred_at  the 10 s bin of event time, its start
--             hosts         distinct hosts
-- Only hosts of which the channel was heard in the interval can be new in it: the others are not grouped, which takes most of
-- the time. Where the interval has no beginning (`since` 0) all are, and no set of them is made.
WITH
    firsts AS
    (
        SELECT update_channel, host_id, min(channel_hosts.first) AS earliest
        FROM channel_hosts
        WHERE update_channel IN {channels: Array(String)}
            AND ({since: Int64} = 0 OR (update_channel, host_id) IN
            (
                SELECT update_channel, host_id
                FROM channel_hosts
                WHERE {since: Int64} > 0 AND update_channel IN {channels: Array(String)}
                    AND tupleElement(channel_hosts.first, 1) >= fromUnixTimestamp64Milli({since: Int64})
                    AND tupleElement(channel_hosts.first, 1) < fromUnixTimestamp64Milli({until: Int64})
            ))
        GROUP BY update_channel, host_id
        HAVING toUnixTimestamp64Milli(earliest.1) >= {since: Int64} AND toUnixTimestamp64Milli(earliest.1) < {until: Int64}
    ),
    strata AS
    (
        SELECT host_id, min(hosts.first) AS earliest_sign
        FROM hosts
        WHERE host_id IN (SELECT host_id FROM firsts)
        GROUP BY host_id
    )
SELECT update_channel,
    strata.earliest_sign.5 AS os_build, strata.earliest_sign.4 AS country,
    intDiv(toUnixTimestamp64Milli(firsts.earliest.1), 60000) * 60000 AS received_at,
    intDiv(toUnixTimestamp64Milli(if(firsts.earliest.2 > firsts.earliest.1 + INTERVAL 2 MINUTE, firsts.earliest.1, firsts.earliest.2)), 10000) * 10000 AS occurred_at,
    toUInt32(count()) AS hosts
FROM firsts INNER JOIN strata ON firsts.host_id = strata.host_id
GROUP BY update_channel, os_build, country, received_at, occurred_at
ORDER BY received_at, update_channel, os_build, country, occurred_at
