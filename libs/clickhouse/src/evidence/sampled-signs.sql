-- Which signs of life came from sampled hosts, by host and minute of arrival?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open, full minutes
--             parts         one host in so many is sampled, a power of two, by the hash of its name
-- columns     level         zero bits at the end of the hash: the host is in a sample of one in 2^level
--             received_at   the minute of arrival, its start
--             org_id, country, os_build  of the first of these signs
--             beats         times of its heartbeats by its own clock, each once, in order
--             least_delay_ms  from the time of a heartbeat to the second of its arrival; null without heartbeats
--             installed_at, stopped_at  latest install and bugcheck by its own clock; null without
WITH signs AS
(
    SELECT host_id, received_at, occurred_at, toString(org_id) AS org, toString(country) AS home, toString(os_build) AS build, 'beat' AS kind
    FROM heartbeats
    WHERE received_at >= fromUnixTimestamp64Milli({since: Int64}) AND received_at < fromUnixTimestamp64Milli({until: Int64})
        AND cityHash64(host_id) % {parts: UInt64} = 0
    UNION ALL
    SELECT host_id, received_at, occurred_at, toString(org_id), toString(country), toString(os_build), 'install'
    FROM installs
    WHERE received_at >= fromUnixTimestamp64Milli({since: Int64}) AND received_at < fromUnixTimestamp64Milli({until: Int64})
        AND cityHash64(host_id) % {parts: UInt64} = 0
    UNION ALL
    SELECT host_id, received_at, occurred_at, toString(org_id), toString(country), toString(os_build), 'stop'
    FROM bugchecks
    WHERE received_at >= fromUnixTimestamp64Milli({since: Int64}) AND received_at < fromUnixTimestamp64Milli({until: Int64})
        AND cityHash64(host_id) % {parts: UInt64} = 0
)
SELECT host_id, toUInt8(bitCount(bitXor(cityHash64(host_id), cityHash64(host_id) - 1)) - 1) AS level,
    intDiv(toUnixTimestamp64Milli(signs.received_at), 60000) * 60000 AS minute,
    min((intDiv(toUnixTimestamp64Milli(signs.received_at), 1000), signs.occurred_at, org, home, build)) AS earliest,
    earliest.3 AS org_id, earliest.4 AS country, earliest.5 AS os_build,
    arraySort(groupUniqArrayIf(toUnixTimestamp64Milli(signs.occurred_at), kind = 'beat')) AS beats,
    minOrNullIf(intDiv(toUnixTimestamp64Milli(signs.received_at), 1000) * 1000 - toUnixTimestamp64Milli(signs.occurred_at), kind = 'beat') AS least_delay_ms,
    maxOrNullIf(toUnixTimestamp64Milli(signs.occurred_at), kind = 'install') AS installed_at,
    maxOrNullIf(toUnixTimestamp64Milli(signs.occurred_at), kind = 'stop') AS stopped_at
FROM signs
GROUP BY host_id, minute
ORDER BY minute, host_id
