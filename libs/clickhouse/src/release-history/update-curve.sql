-- update-curve.sql: how did one update spread, and how did the hosts that had it fare, bucket by bucket?
-- parameters  channel, version   the update
--             orgs               only hosts of these organisations; an empty list means any
--             bucket_seconds     width of a bucket, counted from 1970
--             within_days        how long after applying a crash counts
--             max_rows           most rows to answer
-- columns     bucket_start_ms    start of the bucket, event time; buckets in which nothing happened have no row
--             newly_applied      hosts whose first install fell into it
--             crashes            distinct crashes in it of hosts that had applied the update, whatever the driver; copies have the same hash of their content
--             crashed_hosts      distinct hosts of those crashes
WITH applied AS (
    SELECT sipHash64(host_id) AS host, tupleElement(first, 2) AS applied_at
    FROM applied_updates FINAL
    WHERE update_channel = {channel: String} AND update_version = {version: String}
        AND (empty({orgs: Array(String)}) OR host_id IN (
        SELECT host_id FROM hosts WHERE notEmpty({orgs: Array(String)}) GROUP BY host_id HAVING tupleElement(min(hosts.first), 3) IN {orgs: Array(String)}))
)
SELECT
    intDiv(toUnixTimestamp64Milli(at), 1000 * toInt64({bucket_seconds: UInt32})) * 1000 * {bucket_seconds: UInt32} AS bucket_start_ms,
    uniqExactIf(host, NOT is_crash) AS newly_applied,
    uniqExactIf(event, is_crash) AS crashes,
    uniqExactIf(host, is_crash) AS crashed_hosts
FROM
(
    SELECT applied_at AS at, host, 0 AS event, false AS is_crash FROM applied
    UNION ALL
    SELECT crash.occurred_at, crash.host, crash.content_hash, true
    FROM
    (
        SELECT occurred_at, sipHash64(host_id) AS host, content_hash
        FROM bugchecks
        WHERE toStartOfHour(occurred_at) >= (SELECT toStartOfHour(toDateTime(min(applied_at), 'UTC')) FROM applied)
            AND toStartOfHour(occurred_at) <= (SELECT toDateTime(max(applied_at), 'UTC') FROM applied) + toIntervalDay({within_days: UInt16})
    ) AS crash INNER JOIN applied ON applied.host = crash.host
    WHERE crash.occurred_at >= applied.applied_at
        AND crash.occurred_at < applied.applied_at + toIntervalDay({within_days: UInt16})
)
GROUP BY bucket_start_ms
ORDER BY bucket_start_ms
LIMIT {max_rows: UInt32}
