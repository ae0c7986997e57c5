-- Where do the first applications of updates say another thing than the raw rows, as far as those still are there?
-- parameters  horizon  milliseconds since 1970 UTC: what arrived from then on is still there in raw; most  rows
-- columns     id  the host id; key  the whole key, for people
--             kind  missing, late (a raw row is earlier or later than the state knows) or unexplained (no raw row says so)
WITH fromUnixTimestamp64Milli({horizon: Int64}, 'UTC') AS horizon
SELECT host_id AS id, concat(update_channel, ' ', update_version, ' ', host_id) AS key,
    multiIf(NOT is_stored, 'missing', is_raw AND (stored_first > raw_first), 'late', 'unexplained') AS kind
FROM (
    SELECT update_channel, update_version, host_id, countIf(raw = 0) > 0 AS is_stored, countIf(raw = 1) > 0 AS is_raw,
        minIf(first, raw = 0) AS stored_first, minIf(first, raw = 1) AS raw_first
    FROM (
        SELECT toString(applied_updates.update_channel) AS update_channel, toString(applied_updates.update_version) AS update_version, host_id, applied_updates.first AS first, 0 AS raw FROM applied_updates
        UNION ALL
        SELECT *, 1 AS raw FROM (SELECT toString(installs.update_channel) AS update_channel, toString(installs.update_version) AS update_version, host_id, min((received_at, occurred_at)) AS first FROM installs WHERE outcome = 'applied' GROUP BY update_channel, update_version, host_id)
    )
    GROUP BY update_channel, update_version, host_id
)
WHERE NOT is_stored OR (is_raw AND (stored_first > raw_first))
    OR ((NOT is_raw OR stored_first < raw_first) AND is_stored AND tupleElement(stored_first, 1) >= horizon)
ORDER BY key
LIMIT {most: UInt32}
