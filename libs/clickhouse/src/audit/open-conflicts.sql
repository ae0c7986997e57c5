-- Which settlements are not finished?
-- columns     topic, host_id
--             occurred_at  milliseconds since 1970 UTC; channels  what the loser spoke of
SELECT topic, host_id, toUnixTimestamp64Milli(conflicts.occurred_at) AS occurred_at, arrayMap(update -> update.1, updates) AS channels
FROM conflicts FINAL WHERE settled = 0
