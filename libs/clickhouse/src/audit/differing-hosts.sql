-- Where do the hosts say another thing than the raw rows, as far as those still are there?
-- parameters  horizon  milliseconds since 1970 UTC: what arrived from then on is still there in raw; most  rows
-- columns     id  the host id; key  the whole key, for people
--             kind  missing, late (a raw row is earlier or later than the state knows) or unexplained (no raw row says so)
WITH fromUnixTimestamp64Milli({horizon: Int64}, 'UTC') AS horizon
SELECT host_id AS id, concat(host_id, '') AS key,
    multiIf(NOT is_stored, 'missing', is_raw AND (stored_first > raw_first OR stored_last < raw_last), 'late', 'unexplained') AS kind
FROM (
    SELECT host_id, countIf(raw = 0) > 0 AS is_stored, countIf(raw = 1) > 0 AS is_raw,
        minIf(first, raw = 0) AS stored_first, minIf(first, raw = 1) AS raw_first,
        maxIf(last_seen_at, raw = 0) AS stored_last, maxIf(last_seen_at, raw = 1) AS raw_last
    FROM (
        SELECT host_id, hosts.first AS first, last_seen_at, 0 AS raw FROM hosts
        UNION ALL
        SELECT *, 1 AS raw FROM (SELECT host_id, min((received_at, occurred_at, toString(org_id), toString(country), toString(os_build))) AS first, max(occurred_at) AS last_seen_at FROM heartbeats GROUP BY host_id)
        UNION ALL
        SELECT *, 1 AS raw FROM (SELECT host_id, min((received_at, occurred_at, toString(org_id), toString(country), toString(os_build))) AS first, max(occurred_at) AS last_seen_at FROM installs GROUP BY host_id)
    )
    GROUP BY host_id
)
WHERE NOT is_stored OR (is_raw AND (stored_first > raw_first OR stored_last < raw_last))
    OR ((NOT is_raw OR stored_first < raw_first) AND is_stored AND tupleElement(stored_first, 1) >= horizon) OR (is_raw AND stored_last > raw_last AND tupleElement(stored_first, 1) >= horizon)
ORDER BY key
LIMIT {most: UInt32}
