-- incident-hosts.sql: which hosts are down after they applied an update, or were and are back?
-- A host whose last word is a crash, or that said nothing for ten minutes after it, is `crashing`. One that has lived ten minutes
-- beyond its last crash is `back`. One that reported no crash, fell quiet within a day of applying, and has been quiet for half
-- as long again as ever between two of its heartbeats around that time (a quarter of an hour at least) is `silent`.
-- parameters  channel, version   the update
--             within_days        how long after applying a crash counts
--             as_of_ms           the moment of which it is told, event time, milliseconds since 1970
--             org_ids, countries, os_builds, states   only hosts with one of these values; an empty list means any
--             by_host            a row a host; else a row a state
--             after_host_id      where the last page ended; empty on the first
--             max_rows           most rows to answer
-- columns     host_id            empty where not `by_host`; the following are of any one host then
--             state              crashing, silent or back
--             org_id, country, os_build   as first heard of the host
--             applied_ms         its first install of the update, event time
--             first_crash_ms, last_crash_ms, crashes   its crashes from then on, whatever the driver; 0 without any
--             names_suspect      whether one of them names the update
--             last_sign_ms       its last heartbeat or install, event time
--             hosts              how many hosts the row is of
WITH
    1000 * 60 * 10 AS settled_ms,
    1000 * 60 * 15 AS least_quiet_ms,
    applied AS
    (
        SELECT host_id, min(tupleElement(first, 2)) AS at
        FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String} AND host_id > {after_host_id: String}
        GROUP BY host_id
    ),
    known AS
    (
        SELECT host_id, min(first) AS stratum, toUnixTimestamp64Milli(max(last_seen_at)) AS sign_ms
        FROM hosts
        WHERE host_id IN (SELECT host_id FROM applied)
        GROUP BY host_id
        HAVING (empty({org_ids: Array(String)}) OR tupleElement(stratum, 3) IN {org_ids: Array(String)})
            AND (empty({countries: Array(String)}) OR tupleElement(stratum, 4) IN {countries: Array(String)})
            AND (empty({os_builds: Array(String)}) OR tupleElement(stratum, 5) IN {os_builds: Array(String)})
    ),
    crashed AS
    (
        SELECT crash.host_id AS host_id, toUnixTimestamp64Milli(min(crash.occurred_at)) AS first_ms,
            toUnixTimestamp64Milli(max(crash.occurred_at)) AS last_ms, uniqExact(crash.event_id) AS events,
            max((crash.update_channel = {channel: String} AND crash.update_version = {version: String})
                OR ({channel: String} = concat('driver:', crash.driver) AND crash.driver_version = {version: String})) AS naming
        FROM bugchecks AS crash INNER JOIN applied ON applied.host_id = crash.host_id
        WHERE toStartOfHour(crash.occurred_at) >= (SELECT toStartOfHour(toDateTime(min(at), 'UTC')) FROM applied)
            AND toStartOfHour(crash.occurred_at) <= (SELECT toDateTime(max(at), 'UTC') FROM applied) + toIntervalDay({within_days: UInt16})
            AND crash.occurred_at >= applied.at AND crash.occurred_at < applied.at + toIntervalDay({within_days: UInt16})
        GROUP BY host_id
    ),
    quiet AS
    (
        SELECT known.host_id AS host_id
        FROM known INNER JOIN applied ON applied.host_id = known.host_id
        WHERE known.sign_ms < {as_of_ms: Int64} - least_quiet_ms AND known.sign_ms <= toUnixTimestamp64Milli(applied.at) + 86400000
    ),
    paces AS
    (
        SELECT host_id, arrayMax(arrayDifference(arraySort(groupUniqArray(toUnixTimestamp64Milli(occurred_at))))) AS longest_ms
        FROM heartbeats
        WHERE host_id IN (SELECT host_id FROM quiet)
            AND toStartOfHour(occurred_at) >= (SELECT toStartOfHour(toDateTime(min(at), 'UTC')) FROM applied) - toIntervalHour(26)
            AND toStartOfHour(occurred_at) <= (SELECT toDateTime(max(at), 'UTC') FROM applied) + toIntervalHour(26)
        GROUP BY host_id
    ),
    judged AS
    (
        SELECT known.host_id AS host, tupleElement(known.stratum, 3) AS org, tupleElement(known.stratum, 4) AS place,
            tupleElement(known.stratum, 5) AS build, toUnixTimestamp64Milli(applied.at) AS at_ms, crashed.first_ms AS first_ms,
            crashed.last_ms AS last_ms, crashed.events AS events, crashed.naming AS naming, known.sign_ms AS sign_ms,
            multiIf(
                crashed.events > 0 AND known.sign_ms >= crashed.last_ms + settled_ms, 'back',
                crashed.events > 0, 'crashing',
                paces.longest_ms > 0 AND {as_of_ms: Int64} - known.sign_ms > greatest(least_quiet_ms, intDiv(paces.longest_ms * 3, 2)), 'silent',
                '') AS standing
        FROM applied
        INNER JOIN known ON known.host_id = applied.host_id
        LEFT JOIN crashed ON crashed.host_id = applied.host_id
        LEFT JOIN paces ON paces.host_id = applied.host_id
    )
SELECT if({by_host: Bool}, host, '') AS host_id, standing AS state, any(org) AS org_id, any(place) AS country, any(build) AS os_build,
    any(at_ms) AS applied_ms, any(first_ms) AS first_crash_ms, any(last_ms) AS last_crash_ms, any(events) AS crashes,
    any(naming) AS names_suspect, any(sign_ms) AS last_sign_ms, count() AS hosts
FROM judged
WHERE standing != '' AND (empty({states: Array(String)}) OR standing IN {states: Array(String)})
GROUP BY host_id, state
ORDER BY host_id, state
LIMIT {max_rows: UInt32}
