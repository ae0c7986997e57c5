-- incident-hosts.sql: which hosts are down after they applied an update, or were and are back?
-- A host whose last word is a crash, or that said nothing for ten minutes after it, is `crashing`. One that has lived ten minutes
-- beyond its last crash is `back`. One that reported no crash, fell quiet within a day of applying, and has been quiet for half
-- as long again as ever between two of its heartbeats around that time (a quarter of an hour at least) is `silent`. Whoever was
-- silent by the same rule at any moment, and gave a sign of life later, is `back` too.
-- parameters  channel, version   the update
--             within_days        how long after applying a crash counts
--             as_of_ms           the moment of which it is told, event time, milliseconds since 1970
--             org_ids, countries, os_builds, states   only hosts with one of these values; an empty list means any
--             look_at_all        whether the heartbeats of all hosts are read for whether they were silent; else of those that the
--                                detector noted as silent, which are in its sample
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
-- All that is told of a host is put together in one pass; only the heartbeats of those that may be or have been silent are read.
-- A silence begins within a day of applying, and signs are read for a day and a half beyond the last install: of hosts that beat
-- less than three times a day it may not be known any more that they were silent.
WITH
    1000 * 60 * 10 AS settled_ms,
    1000 * 60 * 15 AS least_quiet_ms,
    (SELECT toStartOfHour(toDateTime(min(tupleElement(first, 2)), 'UTC')) FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}) AS earliest,
    (SELECT toDateTime(max(tupleElement(first, 2)), 'UTC') FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}) AS latest,
    lives AS
    (
        SELECT host_id, minIf(at_ms, kind = 'applied') AS applied_at_ms, maxIf(at_ms, kind = 'sign') AS sign_ms,
            argMinIf(org, heard_ms, kind = 'sign') AS org, argMinIf(place, heard_ms, kind = 'sign') AS place, argMinIf(build, heard_ms, kind = 'sign') AS build,
            arrayFilter(crash -> crash.1 >= applied_at_ms AND crash.1 < applied_at_ms + 86400000 * toInt64({within_days: UInt16}),
                groupUniqArrayIf((at_ms, event, naming), kind = 'crash')) AS stops
        FROM
        (
            SELECT host_id, 'applied' AS kind, toUnixTimestamp64Milli(tupleElement(first, 2)) AS at_ms, 0 AS heard_ms, '' AS org, '' AS place, '' AS build, '' AS event, 0 AS naming
            FROM applied_updates
            WHERE update_channel = {channel: String} AND update_version = {version: String} AND host_id > {after_host_id: String}
            UNION ALL
            SELECT host_id, 'sign', toUnixTimestamp64Milli(last_seen_at), toUnixTimestamp64Milli(tupleElement(first, 1)), tupleElement(first, 3), tupleElement(first, 4), tupleElement(first, 5), '', 0
            FROM hosts
            WHERE host_id > {after_host_id: String}
                AND host_id IN (SELECT host_id FROM applied_updates WHERE update_channel = {channel: String} AND update_version = {version: String})
            UNION ALL
            SELECT host_id, 'crash', toUnixTimestamp64Milli(occurred_at), 0, '', '', '', event_id,
                (update_channel = {channel: String} AND update_version = {version: String})
                    OR ({channel: String} = concat('driver:', driver) AND driver_version = {version: String})
            FROM bugchecks
            WHERE host_id > {after_host_id: String} AND toStartOfHour(occurred_at) >= earliest
                AND toStartOfHour(occurred_at) <= latest + toIntervalDay({within_days: UInt16})
                AND host_id IN (SELECT host_id FROM applied_updates WHERE update_channel = {channel: String} AND update_version = {version: String})
        )
        GROUP BY host_id
        HAVING countIf(kind = 'applied') > 0 AND countIf(kind = 'sign') > 0
            AND (empty({org_ids: Array(String)}) OR org IN {org_ids: Array(String)})
            AND (empty({countries: Array(String)}) OR place IN {countries: Array(String)})
            AND (empty({os_builds: Array(String)}) OR build IN {os_builds: Array(String)})
    ),
    quiet_hosts AS
    (
        SELECT host_id FROM lives
        WHERE empty(stops) AND (
            (sign_ms < {as_of_ms: Int64} - least_quiet_ms AND sign_ms <= applied_at_ms + 86400000)
            OR (sign_ms > applied_at_ms + least_quiet_ms AND ({look_at_all: Bool} OR host_id IN (
                SELECT host_id FROM silences
                WHERE NOT {look_at_all: Bool} AND arrayExists(each -> each.1 = {channel: String} AND each.2 = {version: String}, applied)))))
    ),
    signs AS
    (
        SELECT host_id, arraySort(groupArrayIf(at_ms, is_beat)) AS beats, arraySort(groupArray(at_ms)) AS heard
        FROM
        (
            SELECT host_id, toUnixTimestamp64Milli(occurred_at) AS at_ms, true AS is_beat
            FROM heartbeats
            WHERE toStartOfHour(occurred_at) >= earliest - toIntervalHour(26) AND toStartOfHour(occurred_at) <= latest + toIntervalHour(36)
                AND host_id IN (SELECT host_id FROM quiet_hosts)
            UNION ALL
            SELECT host_id, toUnixTimestamp64Milli(occurred_at), false
            FROM installs
            WHERE toStartOfHour(occurred_at) >= earliest - toIntervalHour(26) AND toStartOfHour(occurred_at) <= latest + toIntervalHour(36)
                AND host_id IN (SELECT host_id FROM quiet_hosts)
        )
        GROUP BY host_id
    ),
    -- Each pause after it applied that is long enough to be a silence, with the longest between two heartbeats before it.
    pauses AS
    (
        SELECT lives.host_id AS host_id, beats, arrayDifference(beats) AS gaps,
            arrayPushBack(arrayPopFront(heard), if(sign_ms > heard[-1], toUnixTimestamp64Milli(toDateTime64(latest + toIntervalHour(36), 3, 'UTC')), heard[-1])) AS ends,
            arrayMap((began, ended) -> (began, ended, arrayMax(arrayMap((gap, beat) -> if(beat <= began, gap, 0), gaps, beats))),
                arrayFilter((began, ended) -> ended - began > least_quiet_ms AND began >= applied_at_ms AND began <= applied_at_ms + 86400000, heard, ends),
                arrayFilter((ended, began) -> ended - began > least_quiet_ms AND began >= applied_at_ms AND began <= applied_at_ms + 86400000, ends, heard)) AS long_ones,
            arrayFilter(pause -> pause.3 > 0 AND pause.2 - pause.1 > intDiv(pause.3 * 3, 2), long_ones) AS silent_ones,
            if(empty(silent_ones), arrayMax(gaps), silent_ones[1].3) AS longest_ms
        FROM signs INNER JOIN lives ON lives.host_id = signs.host_id
    ),
    judged AS
    (
        SELECT lives.host_id AS host, org, place, build, applied_at_ms, stops, sign_ms, arrayMax(arrayMap(crash -> crash.1, stops)) AS last_ms,
            multiIf(
                notEmpty(stops) AND sign_ms >= last_ms + settled_ms, 'back',
                notEmpty(stops), 'crashing',
                pauses.longest_ms > 0 AND sign_ms <= applied_at_ms + 86400000
                    AND {as_of_ms: Int64} - sign_ms > greatest(least_quiet_ms, intDiv(pauses.longest_ms * 3, 2)), 'silent',
                notEmpty(pauses.silent_ones), 'back',
                '') AS standing
        FROM lives LEFT JOIN pauses ON pauses.host_id = lives.host_id
    )
SELECT if({by_host: Bool}, host, '') AS host_id, standing AS state, any(org) AS org_id, any(place) AS country, any(build) AS os_build,
    any(applied_at_ms) AS applied_ms, any(arrayMin(arrayMap(crash -> crash.1, stops))) AS first_crash_ms, any(last_ms) AS last_crash_ms,
    any(length(arrayDistinct(arrayMap(crash -> crash.2, stops)))) AS crashes, any(arrayExists(crash -> crash.3 != 0, stops)) AS names_suspect,
    any(sign_ms) AS last_sign_ms, count() AS hosts
FROM judged
WHERE standing != '' AND (empty({states: Array(String)}) OR standing IN {states: Array(String)})
GROUP BY host_id, state
ORDER BY host_id, state
LIMIT {max_rows: UInt32}
