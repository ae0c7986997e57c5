-- Adds to the hosts what the raw rows say. Minima and maxima: what stands there already and is as early stays.
-- parameters  ids  host ids that are looked at
-- columns     none: it writes
INSERT INTO hosts (host_id, first, last_seen_at)
SELECT host_id, min(told.first) AS first, max(told.last_seen_at) AS last_seen_at
FROM (
    SELECT host_id, min((received_at, occurred_at, toString(org_id), toString(country), toString(os_build))) AS first, max(occurred_at) AS last_seen_at FROM heartbeats WHERE true AND host_id IN {ids: Array(String)} GROUP BY host_id
    UNION ALL
    SELECT host_id, min((received_at, occurred_at, toString(org_id), toString(country), toString(os_build))) AS first, max(occurred_at) AS last_seen_at FROM installs WHERE true AND host_id IN {ids: Array(String)} GROUP BY host_id
) AS told
GROUP BY host_id
