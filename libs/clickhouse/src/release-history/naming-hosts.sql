-- naming-hosts.sql: on how many hosts that had applied an update did a crash name it, as its content or as the driver itself?
-- parameters  channel, version     the update
--             driver               the driver that it is, where it is one; else empty
--             orgs                 only hosts of these organisations; an empty list means any
--             within_days          how long after applying a crash counts
-- columns     naming_hosts         distinct hosts
WITH applied AS
(
    SELECT sipHash64(host_id) AS host, tupleElement(first, 2) AS applied_at
    FROM applied_updates FINAL
    WHERE update_channel = {channel: String} AND update_version = {version: String}
        AND (empty({orgs: Array(String)}) OR host_id IN (
        SELECT host_id FROM hosts WHERE notEmpty({orgs: Array(String)}) GROUP BY host_id HAVING tupleElement(min(hosts.first), 3) IN {orgs: Array(String)}))
)
SELECT uniqExact(applied.host) AS naming_hosts
FROM
(
    SELECT sipHash64(host_id) AS host, occurred_at
    FROM bugchecks
    WHERE toStartOfHour(occurred_at) >= (SELECT toStartOfHour(toDateTime(min(applied_at), 'UTC')) FROM applied)
        AND toStartOfHour(occurred_at) <= (SELECT toDateTime(max(applied_at), 'UTC') FROM applied) + toIntervalDay({within_days: UInt16})
        AND ((update_channel = {channel: String} AND update_version = {version: String})
            OR ({driver: String} != '' AND driver = {driver: String} AND driver_version = {version: String}))
) AS crash INNER JOIN applied ON applied.host = crash.host
WHERE crash.occurred_at >= applied.applied_at AND crash.occurred_at < applied.applied_at + toIntervalDay({within_days: UInt16})
