-- crashes-after-update.sql: how did one update spread, and how did the hosts that had it fare, bucket by bucket and in all?
-- Whoever crashes within some days counts, whatever driver is blamed: this is the plain rate, not the verdict.
-- parameters  channel, version   the update
--             driver             the driver that it is, where it is one; else empty
--             orgs               only hosts of these organisations; an empty list means any
--             bucket_seconds     width of a bucket, counted from 1970; 0 for the whole alone
--             within_days        how long after applying a crash counts
--             max_rows           most rows to answer
-- columns     bucket_start_ms    start of the bucket, event time; null for the whole, which comes first. Buckets in which nothing happened have no row
--             newly_applied      hosts whose first install fell into it
--             crashes            distinct crashes in it of hosts that had applied the update, whatever the driver; copies have the same hash of their content
--             crashed_hosts      distinct hosts of those crashes
--             naming_hosts       those of them with a crash that names the update, as its content or as the driver itself
WITH
    (SELECT toDateTime(min(tupleElement(first, 2)), 'UTC') FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}) AS earliest,
    (SELECT toDateTime(max(tupleElement(first, 2)), 'UTC') FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}) AS latest,
    applied AS
    (
        SELECT sipHash64(host_id) AS host, tupleElement(first, 2) AS applied_at
        FROM applied_updates FINAL
        WHERE update_channel = {channel: String} AND update_version = {version: String}
            AND (empty({orgs: Array(String)}) OR host_id IN (
            SELECT host_id FROM hosts WHERE notEmpty({orgs: Array(String)}) GROUP BY host_id HAVING tupleElement(min(hosts.first), 3) IN {orgs: Array(String)}))
    )
SELECT
    if(grouping(bucket) = 1, NULL, bucket * 1000) AS bucket_start_ms,
    uniqExactIf(host, NOT is_crash) AS newly_applied,
    uniqExactIf(event, is_crash) AS crashes,
    uniqExactIf(host, is_crash) AS crashed_hosts,
    uniqExactIf(host, is_naming) AS naming_hosts
FROM
(
    SELECT if({bucket_seconds: UInt32} = 0, 0, intDiv(toUnixTimestamp64Milli(at), 1000 * toInt64({bucket_seconds: UInt32})) * {bucket_seconds: UInt32}) AS bucket,
        host, event, is_crash, is_naming
    FROM
    (
        SELECT applied_at AS at, host, 0 AS event, false AS is_crash, false AS is_naming FROM applied
        UNION ALL
        SELECT crash.occurred_at, crash.host, crash.content_hash, true, crash.names_it
        FROM
        (
            SELECT occurred_at, host_hash AS host, content_hash,
                (update_channel = {channel: String} AND update_version = {version: String})
                    OR ({driver: String} != '' AND bugchecks.driver = {driver: String} AND driver_version = {version: String}) AS names_it
            FROM bugchecks
            PREWHERE host_hash IN (SELECT sipHash64(host_id) FROM applied_updates WHERE update_channel = {channel: String} AND update_version = {version: String})
            WHERE toStartOfHour(occurred_at) >= toStartOfHour(earliest)
                AND toStartOfHour(occurred_at) <= latest + toIntervalDay({within_days: UInt16})
        ) AS crash INNER JOIN applied ON applied.host = crash.host
        WHERE crash.occurred_at >= applied.applied_at
            AND crash.occurred_at < applied.applied_at + toIntervalDay({within_days: UInt16})
    )
)
GROUP BY GROUPING SETS ((bucket), ())
HAVING {bucket_seconds: UInt32} > 0 OR grouping(bucket) = 1
ORDER BY bucket_start_ms NULLS FIRST
LIMIT {max_rows: UInt32}
