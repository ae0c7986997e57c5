-- Which ids of people's actions that were stored since a moment stand in the store with more than one content? One share of the ids.
-- parameters  since  seconds since 1970 UTC; share, shares  ids are taken whose hash modulo `shares` is `share`; most  ids at once
-- columns     id  the event id
--             instants  the event times under it, in milliseconds since 1970 UTC
SELECT event_id AS id, groupUniqArray(toUnixTimestamp64Milli(occurred_at)) AS instants
FROM incident_actions
WHERE cityHash64(event_id) IN (
    SELECT cityHash64(event_id) FROM incident_actions
    WHERE stored_at >= fromUnixTimestamp({since: Int64}) AND cityHash64(event_id) % {shares: UInt32} = {share: UInt32}
)
GROUP BY event_id
HAVING min(content_hash) != max(content_hash)
ORDER BY event_id
LIMIT {most: UInt32}
