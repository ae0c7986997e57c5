-- incident-hosts.sql: which hosts applied the suspect and then crashed?
-- parameters  channel, version   the suspect update
--             within_days        how long after applying a crash counts
--             after_host_id      where the last page ended; empty on the first
--             max_rows           most rows to answer
-- columns     org_id, country, os_build   as first heard of the host
--             applied_ms         its first install of the suspect, event time
--             first_crash_ms, last_crash_ms, crashes   its crashes from then on, whatever the driver
--             names_suspect      whether one of them names the suspect
--             last_seen_ms       its last sign of life, event time
SELECT
    crashed.host_id AS host_id,
    tupleElement(known.first, 3) AS org_id,
    tupleElement(known.first, 4) AS country,
    tupleElement(known.first, 5) AS os_build,
    applied_ms, first_crash_ms, last_crash_ms, crashes, names_suspect,
    greatest(toUnixTimestamp64Milli(known.last_seen_at), last_crash_ms) AS last_seen_ms
FROM
(
    SELECT
        applied.host_id AS host_id,
        toUnixTimestamp64Milli(any(applied.applied_at)) AS applied_ms,
        toUnixTimestamp64Milli(min(crash.occurred_at)) AS first_crash_ms,
        toUnixTimestamp64Milli(max(crash.occurred_at)) AS last_crash_ms,
        uniqExact(crash.event_id) AS crashes,
        max((crash.update_channel = {channel: String} AND crash.update_version = {version: String})
            OR ({channel: String} = concat('driver:', crash.driver) AND crash.driver_version = {version: String})) AS names_suspect
    FROM bugchecks AS crash
    INNER JOIN
    (
        SELECT host_id, min(tupleElement(first, 2)) AS applied_at
        FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}
            AND host_id > {after_host_id: String}
        GROUP BY host_id
    ) AS applied ON applied.host_id = crash.host_id
    WHERE crash.occurred_at >= applied.applied_at
        AND crash.occurred_at < applied.applied_at + toIntervalDay({within_days: UInt16})
    GROUP BY host_id
    ORDER BY host_id
    LIMIT {max_rows: UInt32}
) AS crashed
INNER JOIN
(
    SELECT host_id, min(first) AS first, max(last_seen_at) AS last_seen_at
    FROM hosts
    GROUP BY host_id
) AS known ON known.host_id = crashed.host_id
ORDER BY host_id
