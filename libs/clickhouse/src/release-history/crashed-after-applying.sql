-- crashed-after-applying.sql: how many hosts crashed after they had applied each of these updates, and who could take it?
-- Whoever crashes within 14 days counts, whatever driver is blamed: this is the plain rate, not the verdict.
-- Only bugchecks of the time in question are read, and held are the installs, which are fewer.
-- parameters  channels, versions   the updates, pairwise
--             orgs                 only hosts of these organisations; an empty list means any
--             within_days          how long after applying a crash counts
-- columns     crashed_hosts        distinct hosts that crashed at or after their first install
--             naming_hosts         those of them with a crash that names the update (as content, or as the driver itself)
WITH
    (SELECT toDateTime(min(tupleElement(first, 2)), 'UTC') FROM applied_updates
        WHERE (toString(update_channel), toString(update_version)) IN arrayZip({channels: Array(String)}, {versions: Array(String)})) AS earliest,
    (SELECT toDateTime(max(tupleElement(first, 2)), 'UTC') FROM applied_updates
        WHERE (toString(update_channel), toString(update_version)) IN arrayZip({channels: Array(String)}, {versions: Array(String)})) AS latest
SELECT
    applied.update_channel AS update_channel,
    applied.update_version AS update_version,
    uniqExact(applied.host_id) AS crashed_hosts,
    uniqExactIf(applied.host_id,
        (crash.update_channel = applied.update_channel AND crash.update_version = applied.update_version)
        OR (applied.update_channel = concat('driver:', crash.driver) AND applied.update_version = crash.driver_version)) AS naming_hosts
FROM
(
    SELECT host_id, occurred_at, toString(driver) AS driver, toString(driver_version) AS driver_version,
        toString(update_channel) AS update_channel, toString(update_version) AS update_version
    FROM bugchecks
    WHERE toStartOfHour(occurred_at) >= toStartOfHour(earliest)
        AND toStartOfHour(occurred_at) <= latest + toIntervalDay({within_days: UInt16})
) AS crash
INNER JOIN
(
    SELECT toString(update_channel) AS update_channel, toString(update_version) AS update_version, host_id,
        min(tupleElement(first, 2)) AS applied_at
    FROM applied_updates
    WHERE (toString(update_channel), toString(update_version)) IN arrayZip({channels: Array(String)}, {versions: Array(String)})
        AND (empty({orgs: Array(String)}) OR host_id IN (
        SELECT host_id FROM hosts WHERE notEmpty({orgs: Array(String)}) GROUP BY host_id HAVING tupleElement(min(hosts.first), 3) IN {orgs: Array(String)}))
    GROUP BY update_channel, update_version, host_id
) AS applied ON crash.host_id = applied.host_id
WHERE crash.occurred_at >= applied.applied_at
    AND crash.occurred_at < applied.applied_at + toIntervalDay({within_days: UInt16})
GROUP BY update_channel, update_version
ORDER BY update_channel, update_version
