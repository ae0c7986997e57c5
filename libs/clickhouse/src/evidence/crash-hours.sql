-- How many distinct hosts crashed in each hour of event time, of what arrived in an interval?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
--             other_stops   stop codes that are no driver's crash
--             complete_after_ms  a crash that is told longer after the start of its hour does not count
-- columns     bucket        the driver, or * for any
--             country       of the report that arrived first of a host, bucket and hour
--             hour          hours since 1970 UTC
--             hosts         distinct hosts
WITH
    stops AS
    (
        SELECT event_id, host_id, country, driver, bugchecks.received_at AS received_at,
            intDiv(toUnixTimestamp64Milli(if(bugchecks.occurred_at > bugchecks.received_at + INTERVAL 2 MINUTE, bugchecks.received_at, bugchecks.occurred_at)), 3600000) AS hour
        FROM bugchecks FINAL
        WHERE bugchecks.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND bugchecks.received_at < fromUnixTimestamp64Milli({until: Int64})
            AND bugcheck_code NOT IN {other_stops: Array(UInt32)}
    ),
    firsts AS
    (
        SELECT bucket, host_id, hour, min((received_at, event_id, toString(country))) AS earliest
        FROM stops ARRAY JOIN [toString(driver), '*'] AS bucket
        WHERE toUnixTimestamp64Milli(received_at) < hour * 3600000 + {complete_after_ms: Int64}
        GROUP BY bucket, host_id, hour
    )
SELECT bucket, earliest.3 AS country, toUInt32(hour) AS hour, toUInt32(count()) AS hosts
FROM firsts
GROUP BY bucket, country, hour
ORDER BY bucket, hour, country
