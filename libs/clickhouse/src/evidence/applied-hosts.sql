-- Which hosts took an update for the first time, by what they were and by time?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
-- columns     os_build, country  of the host when it was first heard of
--             received_at   the second of arrival, its start; occurred_at  the 10 s bin of event time, its start
--             host_ids, applied_at  the hosts, each once, and when each took it: event time, or arrival time where its clock is more than
--                           two minutes ahead
WITH
    arrived AS
    (
        SELECT DISTINCT update_channel, update_version, host_id
        FROM installs
        WHERE outcome = 'applied'
            AND received_at >= fromUnixTimestamp64Milli({since: Int64}) AND received_at < fromUnixTimestamp64Milli({until: Int64})
    ),
    firsts AS
    (
        SELECT update_channel, update_version, host_id, min(applied_updates.first) AS earliest
        FROM applied_updates
        WHERE (update_channel, update_version, host_id) IN (SELECT update_channel, update_version, host_id FROM arrived)
        GROUP BY update_channel, update_version, host_id
        HAVING toUnixTimestamp64Milli(earliest.1) >= {since: Int64} AND toUnixTimestamp64Milli(earliest.1) < {until: Int64}
    ),
    timed AS
    (
        SELECT update_channel, update_version, host_id, toUnixTimestamp64Milli(earliest.1) AS received_ms,
            toUnixTimestamp64Milli(if(earliest.2 > earliest.1 + INTERVAL 2 MINUTE, earliest.1, earliest.2)) AS occurred_ms
        FROM firsts
    ),
    strata AS
    (
        SELECT host_id, min(hosts.first) AS earliest_sign
        FROM hosts
        WHERE host_id IN (SELECT host_id FROM arrived)
        GROUP BY host_id
    )
SELECT update_channel, update_version,
    strata.earliest_sign.5 AS os_build, strata.earliest_sign.4 AS country,
    intDiv(received_ms, 1000) * 1000 AS received_at, intDiv(occurred_ms, 10000) * 10000 AS occurred_at,
    groupArray(timed.host_id) AS host_ids, groupArray(occurred_ms) AS applied_at
FROM timed INNER JOIN strata ON timed.host_id = strata.host_id
GROUP BY update_channel, update_version, os_build, country, received_at, occurred_at
ORDER BY received_at, update_channel, update_version, os_build, country, occurred_at
