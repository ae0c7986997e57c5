-- list-updates.sql: which updates are known, and what became of them? An update is known once it was announced or applied.
-- Sorted by the first arrival of anything about it, which no later event changes: a page that was read stays as it was.
-- parameters  channels, versions  only these updates, pairwise; empty lists mean all
--             only_channels       only updates on one of these channels; an empty list means any
--             only_drivers        only updates that one of these images loads, in lower case; an empty list means any
--             only_vendors        only updates of one of these vendors; an empty list means any
--             words               only updates with all of these in what names them, in any case
--             moving_since_ms     only updates that were neither paused nor withdrawn, and that a host took or the vendor shipped or
--                                 widened at or after this time; 0 means any
--             only_verdicts       only updates with one of these verdicts (judgeUpdate in services/api says why): halt where an incident
--                                 blames it, hold where one shares its blame, after a withdrawal, and below `least_hosts`, which counts
--                                 hosts of all organisations; an empty list means any
--             blamed_channels, blamed_versions, sharing_channels, sharing_versions   updates that unresolved incidents name, pairwise
--             orgs                only updates that hosts of these organisations applied, as far as these; an empty list means all
--             heard_until_ms      only updates heard of at or before this arrival time (where the last page ended), and then
--             after_channel, after_version   only what sorts behind this update; both empty on the first page
--             max_rows            most rows to answer
-- columns     first_heard_ms      arrival time of the first that was heard of it
--             shipped_ms, withdrawn_ms, last_action, last_action_ms   what the vendor said; null where it did not
--             first_applied_ms    event time of the first install; null before one
--             applied_hosts       distinct hosts that applied it
SELECT
    update_channel,
    update_version,
    toUnixTimestamp64Milli(min(heard_at)) AS first_heard_ms,
    toUnixTimestamp64Milli(minOrNullIf(at, action = 'shipped')) AS shipped_ms,
    toUnixTimestamp64Milli(maxOrNullIf(at, action = 'withdrawn')) AS withdrawn_ms,
    argMaxOrNullIf(action, (at, heard_at), action != '') AS last_action,
    toUnixTimestamp64Milli(maxOrNullIf(at, action != '')) AS last_action_ms,
    argMaxIf(image, at, image != '') AS driver,
    argMaxIf(named, at, named != '') AS title,
    argMaxIf(maker, at, maker != '') AS vendor,
    argMaxIf(before, at, before != '') AS replaces,
    argMaxOrNullIf(stage, at, stage != '') AS ring,
    argMaxOrNullIf(target, at, isNotNull(target)) AS target_fraction,
    toUnixTimestamp64Milli(minOrNullIf(at, host_id != '')) AS first_applied_ms,
    uniqExactIf(host_id, host_id != '') AS applied_hosts
FROM
(
    SELECT update_channel, update_version, received_at AS heard_at, occurred_at AS at, toString(action) AS action,
        toString(driver) AS image, title AS named, toString(vendor) AS maker, replaces AS before, toString(ring) AS stage,
        target_fraction AS target, '' AS host_id
    FROM updates FINAL
    UNION ALL
    SELECT update_channel, update_version, tupleElement(first, 1), tupleElement(first, 2), '', '', '', '', '', '', NULL, host_id
    FROM applied_updates
    WHERE empty({orgs: Array(String)}) OR host_id IN (
        SELECT host_id FROM hosts WHERE notEmpty({orgs: Array(String)}) GROUP BY host_id HAVING tupleElement(min(hosts.first), 3) IN {orgs: Array(String)})
)
WHERE (empty({channels: Array(String)})
        OR (update_channel, update_version) IN arrayZip({channels: Array(String)}, {versions: Array(String)}))
    AND (empty({only_channels: Array(String)}) OR update_channel IN {only_channels: Array(String)})
GROUP BY update_channel, update_version
HAVING (empty({orgs: Array(String)}) OR applied_hosts > 0)
    AND (empty({only_drivers: Array(String)})
        OR lower(if(driver = '' AND startsWith(update_channel, 'driver:'), substring(update_channel, 8), driver)) IN {only_drivers: Array(String)})
    AND (empty({only_vendors: Array(String)}) OR vendor IN {only_vendors: Array(String)})
    AND arrayAll(word -> positionCaseInsensitiveUTF8(concat(update_channel, ' ', update_version, ' ', driver, ' ', title, ' ', vendor), word) > 0,
        {words: Array(String)})
    AND ({moving_since_ms: Int64} = 0
        OR (ifNull(last_action NOT IN ('paused', 'withdrawn'), true)
            AND toUnixTimestamp64Milli(maxIf(least(at, heard_at), host_id != '' OR action IN ('shipped', 'expanded'))) >= {moving_since_ms: Int64}))
    AND (empty({only_verdicts: Array(String)}) OR has({only_verdicts: Array(String)}, multiIf(
        has(arrayZip({blamed_channels: Array(String)}, {blamed_versions: Array(String)}), (toString(update_channel), update_version)), 'halt',
        has(arrayZip({sharing_channels: Array(String)}, {sharing_versions: Array(String)}), (toString(update_channel), update_version)), 'hold',
        ifNull(last_action = 'withdrawn', false), 'hold',
        if(empty({orgs: Array(String)}), applied_hosts >= {least_hosts: UInt32}, (update_channel, update_version) IN (
            SELECT update_channel, update_version FROM applied_updates WHERE notEmpty({orgs: Array(String)})
            GROUP BY update_channel, update_version HAVING uniqExact(host_id) >= {least_hosts: UInt32})), 'go',
        'hold')))
    AND (-first_heard_ms, toString(update_channel), toString(update_version))
    > (-{heard_until_ms: Int64}, {after_channel: String}, {after_version: String})
ORDER BY first_heard_ms DESC, update_channel, update_version
LIMIT {max_rows: UInt32}
