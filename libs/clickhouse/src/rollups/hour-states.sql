-- hour-states.sql: which hours have bugchecks, and whose counts are up to date?
-- parameters  since, until   starts of the first hour and of the one behind the last, seconds since 1970
-- columns     hour           start of the hour, seconds since 1970
--             rolled_us      from when its counts are, microseconds since 1970; 0 when the hour is dirty
SELECT toUnixTimestamp(hour) AS hour, if(rolled > changed, toUnixTimestamp64Micro(rolled), 0) AS rolled_us
FROM
(
    SELECT hour, max(changed_at) AS changed FROM changed_hours
    WHERE hour >= toDateTime({since: UInt32}, 'UTC') AND hour < toDateTime({until: UInt32}, 'UTC') GROUP BY hour
) AS changes
LEFT JOIN
(
    SELECT hour, max(rolled_at) AS rolled FROM rolled_hours
    WHERE hour >= toDateTime({since: UInt32}, 'UTC') AND hour < toDateTime({until: UInt32}, 'UTC') GROUP BY hour
) AS rolls USING (hour)
ORDER BY hour
