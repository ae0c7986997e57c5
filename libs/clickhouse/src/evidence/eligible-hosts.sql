-- How many hosts were first known to run a channel, by what they were and by time?
-- parameters  channels      the channels asked for
--             since, until  arrival time, milliseconds since 1970 UTC, half-open
--             received_floor, occurred_floor  what is older counts as of then, milliseconds: nobody asks for its time
-- columns     os_build, country  of the host when it was first heard of
--             received_at   the minute of arrival, its start
--             occurred_at   10 s bins of event time, their starts, in no order; hosts  distinct hosts of each
-- Every heartbeat tells a channel again, so most of what was told in the interval is known for long. Pairs of host and channel
-- are looked up by their hash: a set of names is large and slow. What is new is a list, found once and used twice. Where the
-- interval has no beginning (`since` 0) all are grouped.
WITH
    told AS
    (
        SELECT cityHash64(update_channel, host_id) AS pair
        FROM channel_hosts
        WHERE {since: Int64} > 0 AND update_channel IN {channels: Array(String)}
            AND tupleElement(channel_hosts.first, 1) >= fromUnixTimestamp64Milli({since: Int64})
            AND tupleElement(channel_hosts.first, 1) < fromUnixTimestamp64Milli({until: Int64})
    ),
    (
        SELECT groupArray(pair)
        FROM
        (
            SELECT cityHash64(update_channel, host_id) AS pair
            FROM channel_hosts
            WHERE {since: Int64} > 0 AND update_channel IN {channels: Array(String)} AND pair IN (SELECT pair FROM told)
            GROUP BY pair
            HAVING min(tupleElement(channel_hosts.first, 1)) >= fromUnixTimestamp64Milli({since: Int64})
        )
    ) AS new,
    firsts AS
    (
        SELECT update_channel, host_id, min(channel_hosts.first) AS earliest
        FROM channel_hosts
        WHERE update_channel IN {channels: Array(String)}
            AND ({since: Int64} = 0 OR
            (
                tupleElement(channel_hosts.first, 1) >= fromUnixTimestamp64Milli({since: Int64})
                AND tupleElement(channel_hosts.first, 1) < fromUnixTimestamp64Milli({until: Int64})
                AND cityHash64(update_channel, host_id) IN (SELECT arrayJoin(new))
            ))
        GROUP BY update_channel, host_id
        HAVING toUnixTimestamp64Milli(earliest.1) < {until: Int64}
    ),
    strata AS
    (
        SELECT host_id, min(hosts.first) AS earliest_sign
        FROM hosts
        WHERE host_id IN
        (
            SELECT host_id
            FROM channel_hosts
            WHERE update_channel IN {channels: Array(String)}
                AND ({since: Int64} = 0 OR
                (
                    tupleElement(channel_hosts.first, 1) >= fromUnixTimestamp64Milli({since: Int64})
                    AND tupleElement(channel_hosts.first, 1) < fromUnixTimestamp64Milli({until: Int64})
                    AND cityHash64(update_channel, host_id) IN (SELECT arrayJoin(new))
                ))
        )
        GROUP BY host_id
    ),
    counted AS
    (
        SELECT update_channel, strata.earliest_sign.5 AS os_build, strata.earliest_sign.4 AS country,
            greatest({received_floor: Int64}, intDiv(toUnixTimestamp64Milli(firsts.earliest.1), 60000) * 60000) AS received_at,
            greatest({occurred_floor: Int64}, intDiv(toUnixTimestamp64Milli(if(firsts.earliest.2 > firsts.earliest.1 + INTERVAL 2 MINUTE, firsts.earliest.1, firsts.earliest.2)), 10000) * 10000) AS bin,
            toUInt32(count()) AS counted_hosts
        FROM firsts INNER JOIN strata ON firsts.host_id = strata.host_id
        GROUP BY update_channel, os_build, country, received_at, bin
    )
SELECT update_channel, os_build, country, received_at, groupArray(bin) AS occurred_at, groupArray(counted_hosts) AS hosts
FROM counted
GROUP BY update_channel, os_build, country, received_at
ORDER BY received_at, update_channel, os_build, country
