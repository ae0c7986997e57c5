-- store-status.sql: what does the store hold, and up to when?
-- Neither counting rows nor the latest event time of a table that is partitioned by it reads any row.
-- parameters  orgs          hosts and updates of these organisations alone; an empty list means all
-- columns  newest_event_ms   event time of the newest event; null in an empty store
--          closed_until_ms   arrival time up to which every partition of every input is stored; null before ingest said so
--          newest_arrival_ms arrival time of the furthest partition; null before ingest said so
--          hosts             hosts ever heard of
--          updates           updates that were announced or applied
WITH clocks AS (
    SELECT topic, source_partition, max(closed_until) AS closed FROM arrival_clocks GROUP BY topic, source_partition
)
SELECT
    (SELECT toUnixTimestamp64Milli(maxOrNull(newest)) FROM (
        SELECT if(count() = 0, NULL, max(occurred_at)) AS newest FROM bugchecks
        UNION ALL SELECT if(count() = 0, NULL, max(occurred_at)) FROM installs
        UNION ALL SELECT if(count() = 0, NULL, max(occurred_at)) FROM heartbeats
        UNION ALL SELECT maxOrNull(occurred_at) FROM updates
    )) AS newest_event_ms,
    (SELECT toUnixTimestamp64Milli(minOrNull(closed)) FROM clocks) AS closed_until_ms,
    (SELECT toUnixTimestamp64Milli(maxOrNull(closed)) FROM clocks) AS newest_arrival_ms,
    (SELECT count() FROM hosts FINAL WHERE empty({orgs: Array(String)}) OR tupleElement(hosts.first, 3) IN {orgs: Array(String)}) AS hosts,
    (SELECT uniqExact(update_channel, update_version) FROM (
        SELECT DISTINCT update_channel, update_version FROM updates WHERE empty({orgs: Array(String)})
        UNION ALL SELECT DISTINCT update_channel, update_version FROM applied_updates WHERE empty({orgs: Array(String)}) OR host_id IN (
        SELECT host_id FROM hosts WHERE notEmpty({orgs: Array(String)}) GROUP BY host_id HAVING tupleElement(min(hosts.first), 3) IN {orgs: Array(String)})
    )) AS updates
