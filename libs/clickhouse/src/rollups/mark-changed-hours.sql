-- mark-changed-hours.sql: these hours got or lost bugchecks; a statement that writes.
-- The mark is never before the start of a roll that is under way, whatever the clock says: that roll may have read too early.
-- parameters  hours       starts of the hours, seconds since 1970
-- columns     hour, changed_at   as in the table `changed_hours`
INSERT INTO changed_hours (hour, changed_at)
SELECT toDateTime(h, 'UTC') AS hour, greatest(now64(6, 'UTC'), started) AS changed_at
FROM (SELECT arrayJoin({hours: Array(UInt32)}) AS h) AS marked
LEFT JOIN
(
    SELECT toUnixTimestamp(hour) AS h, max(started_at) AS started
    FROM rolled_hours WHERE toUnixTimestamp(hour) IN {hours: Array(UInt32)} GROUP BY hour
) AS rolls USING (h)
