-- crashed-after-applying.sql: how many hosts crashed after they had applied each of these updates?
-- Whoever crashes within some days counts, whatever driver is blamed: this is the plain rate, not the verdict.
-- Of a host only the first and the last crash of each week are compared: as the days are more than a week, they tell whether any lies
-- within. Only bugchecks of the time in question are read, and of few updates only those of their hosts: of many, looking each host up costs more
-- than it saves.
-- parameters  channels, versions   the updates, pairwise
--             orgs                 only hosts of these organisations; an empty list means any
--             within_days          how long after applying a crash counts; 8 or more
-- columns     crashed_hosts        distinct hosts that crashed at or after their first install
WITH
    (SELECT toDateTime(min(tupleElement(first, 2)), 'UTC') FROM applied_updates
        WHERE (update_channel, update_version) IN arrayZip({channels: Array(String)}, {versions: Array(String)})) AS earliest,
    (SELECT toDateTime(max(tupleElement(first, 2)), 'UTC') FROM applied_updates
        WHERE (update_channel, update_version) IN arrayZip({channels: Array(String)}, {versions: Array(String)})) AS latest
SELECT update_channel, update_version, uniqExact(applied.host) AS crashed_hosts
FROM
(
    SELECT update_channel, update_version, sipHash64(host_id) AS host, tupleElement(first, 2) AS applied_at
    FROM applied_updates FINAL
    WHERE (update_channel, update_version) IN arrayZip({channels: Array(String)}, {versions: Array(String)})
        AND (empty({orgs: Array(String)}) OR host_id IN (
        SELECT host_id FROM hosts WHERE notEmpty({orgs: Array(String)}) GROUP BY host_id HAVING tupleElement(min(hosts.first), 3) IN {orgs: Array(String)}))
) AS applied
INNER JOIN
(
    SELECT host_hash AS host, min(occurred_at) AS first_crash, max(occurred_at) AS last_crash
    FROM bugchecks
    PREWHERE length({channels: Array(String)}) > 10 OR host_hash IN (
        SELECT sipHash64(host_id) FROM applied_updates
        WHERE length({channels: Array(String)}) <= 10 AND (update_channel, update_version) IN arrayZip({channels: Array(String)}, {versions: Array(String)}))
    WHERE toStartOfHour(occurred_at) >= toStartOfHour(earliest)
        AND toStartOfHour(occurred_at) <= latest + toIntervalDay({within_days: UInt16})
    GROUP BY host, toStartOfWeek(occurred_at)
) AS crashed ON crashed.host = applied.host
WHERE crashed.last_crash >= applied.applied_at
    AND crashed.first_crash < applied.applied_at + toIntervalDay({within_days: UInt16})
GROUP BY update_channel, update_version
ORDER BY update_channel, update_version
