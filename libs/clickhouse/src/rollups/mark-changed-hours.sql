-- mark-changed-hours.sql: these hours got or lost bugchecks; a statement that writes.
-- The mark is never before the start of a roll of them that is under way, whatever the clock says: that roll may have read too early.
-- parameters  hours       starts of the hours, seconds since 1970
-- columns     hour, changed_at   as in the table `changed_hours`
INSERT INTO changed_hours (hour, changed_at)
SELECT toDateTime(h, 'UTC') AS hour, greatest(now64(6, 'UTC'), started) AS changed_at
FROM (SELECT max(started_at) AS started FROM rolled_hours WHERE toUnixTimestamp(hour) IN {hours: Array(UInt32)}) AS rolls
ARRAY JOIN {hours: Array(UInt32)} AS h
