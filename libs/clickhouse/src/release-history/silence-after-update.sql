-- silence-after-update.sql: how many hosts fell silent after they applied an update, bucket by bucket?
-- Told of the hosts in the detector's newest sample that have ever beaten: who never beats cannot be missed. What the detector
-- noted of silences is read, and neither heartbeats nor bugchecks. A host counts once, when it first fell silent, whether or not it came back.
-- parameters  channel, version   the update
--             orgs               only hosts of these organisations; an empty list means any
--             bucket_seconds     width of a bucket, counted from 1970
--             within_days        how long after applying a silence counts
--             max_rows           most rows to answer
-- columns     bucket_start_ms    start of the bucket, event time; buckets in which nothing happened have no row
--             newly_applied      hosts of the sample that applied it first in the bucket
--             newly_silent       of those that had applied it, hosts that fell silent in the bucket for the first time
WITH
    (SELECT noted_at FROM host_lives ORDER BY noted_at DESC LIMIT 1) AS newest_note,
    (SELECT min(tupleElement(first, 2)) FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}) AS earliest,
    applied AS
    (
        SELECT host_id, toUnixTimestamp64Milli(tupleElement(min(applied_updates.first), 2)) AS applied_ms
        FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}
            AND host_id IN (
                SELECT host_id FROM host_lives
                WHERE noted_at = newest_note AND isNotNull(beat_at) AND (empty({orgs: Array(String)}) OR org_id IN {orgs: Array(String)}))
        GROUP BY host_id
    ),
    fell AS
    (
        SELECT host_id, min(silences.last_sign_at) AS silent_ms
        FROM silences
        WHERE silences.noted_at >= earliest - toIntervalDay(1)
            AND arrayExists(each -> each.1 = {channel: String} AND each.2 = {version: String}, silences.applied)
        GROUP BY host_id
    )
SELECT bucket * 1000 AS bucket_start_ms, toUInt32(countIf(NOT is_silence)) AS newly_applied, toUInt32(countIf(is_silence)) AS newly_silent
FROM
(
    SELECT intDiv(at_ms, 1000 * toInt64({bucket_seconds: UInt32})) * {bucket_seconds: UInt32} AS bucket, is_silence
    FROM
    (
        SELECT applied_ms AS at_ms, false AS is_silence FROM applied
        UNION ALL
        SELECT greatest(silent_ms, applied_ms), true
        FROM fell INNER JOIN applied ON applied.host_id = fell.host_id
        WHERE silent_ms < applied_ms + 86400000 * toInt64({within_days: UInt16})
    )
)
GROUP BY bucket
ORDER BY bucket
LIMIT {max_rows: UInt32}
