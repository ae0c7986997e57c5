-- Deletes the losers of open conflicts from the heartbeats.
-- columns     none: it deletes
DELETE FROM heartbeats
WHERE toStartOfHour(occurred_at) IN (SELECT toStartOfHour(occurred_at) FROM conflicts FINAL WHERE topic = 'heartbeats' AND settled = 0)
    AND (host_id, occurred_at, content_hash) IN (
        SELECT host_id, occurred_at, content_hash FROM conflicts FINAL WHERE topic = 'heartbeats' AND settled = 0
    )
