-- Of the hosts that crashed after they had applied an update, how many gave a sign of life after their last crash?
-- parameters  channel, version  the update
--             since  crashes that arrived before speak of something else; until  the tick; arrival time, ms since 1970 UTC
-- columns     hosts  that crashed; recovered  those of them with a heartbeat or an install after their last crash, event time
WITH
    applied AS
    (
        SELECT host_id, tupleElement(min(applied_updates.first), 2) AS applied_at
        FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}
        GROUP BY host_id
        HAVING toUnixTimestamp64Milli(tupleElement(min(applied_updates.first), 1)) < {until: Int64}
    ),
    crashed AS
    (
        SELECT bugchecks.host_id AS host_id, max(bugchecks.occurred_at) AS crashed_at
        FROM bugchecks INNER JOIN applied ON bugchecks.host_id = applied.host_id
        WHERE bugchecks.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND bugchecks.received_at < fromUnixTimestamp64Milli({until: Int64})
            AND bugchecks.occurred_at >= applied.applied_at
        GROUP BY host_id
    ),
    signs AS
    (
        SELECT host_id, max(occurred_at) AS seen_at
        FROM heartbeats
        WHERE host_id IN (SELECT host_id FROM crashed) AND received_at >= fromUnixTimestamp64Milli({since: Int64}) AND received_at < fromUnixTimestamp64Milli({until: Int64})
        GROUP BY host_id
        UNION ALL
        SELECT host_id, max(occurred_at) AS seen_at
        FROM installs
        WHERE host_id IN (SELECT host_id FROM crashed) AND received_at >= fromUnixTimestamp64Milli({since: Int64}) AND received_at < fromUnixTimestamp64Milli({until: Int64})
        GROUP BY host_id
    ),
    last_signs AS (SELECT host_id, max(seen_at) AS seen_at FROM signs GROUP BY host_id)
SELECT toUInt32(count()) AS hosts, toUInt32(countIf(last_signs.seen_at > crashed.crashed_at)) AS recovered
FROM crashed LEFT JOIN last_signs ON crashed.host_id = last_signs.host_id
