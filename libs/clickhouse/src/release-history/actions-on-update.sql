-- actions-on-update.sql: what did the vendor do with this update, in order?
-- parameters  channel, version   the update
-- columns     as in the table `updates`; occurred_ms is event time
SELECT event_id, toUnixTimestamp64Milli(occurred_at) AS occurred_ms, action, ring, target_fraction
FROM updates FINAL
WHERE update_channel = {channel: String} AND update_version = {version: String}
ORDER BY occurred_at, event_id
