-- What did vendors do with releases, as it arrived?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
-- columns     occurred_at   event time; arrival time where the sender's clock is more than two minutes ahead
SELECT update_channel, update_version, action, driver, content_sha256,
    toUnixTimestamp64Milli(updates.received_at) AS received_at,
    toUnixTimestamp64Milli(if(updates.occurred_at > updates.received_at + INTERVAL 2 MINUTE, updates.received_at, updates.occurred_at)) AS occurred_at
FROM updates FINAL
WHERE updates.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND updates.received_at < fromUnixTimestamp64Milli({until: Int64})
ORDER BY received_at, update_channel, update_version, action
