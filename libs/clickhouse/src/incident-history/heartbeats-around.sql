-- heartbeats-around.sql: how many heartbeats are there around the time at which hosts applied an update?
-- The hours are those of incident-hosts.sql. They are the beginning of the sorting key, so that next to no row is read.
-- parameters  channel, version   the update
-- columns     heartbeats         rows, of whatever host
WITH
    (SELECT toStartOfHour(toDateTime(min(tupleElement(first, 2)), 'UTC')) FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}) AS earliest,
    (SELECT toDateTime(max(tupleElement(first, 2)), 'UTC') FROM applied_updates
        WHERE update_channel = {channel: String} AND update_version = {version: String}) AS latest
SELECT count() AS heartbeats
FROM heartbeats
WHERE toStartOfHour(occurred_at) >= earliest - toIntervalHour(26) AND toStartOfHour(occurred_at) <= latest + toIntervalHour(36)
