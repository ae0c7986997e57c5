-- next-dirty-hours.sql: which hours have changed since they were rolled up? Those rolled up longest ago first, so that the hour
-- that is being filled, dirty at every look, keeps none of the others waiting.
-- parameters  hours      only these, seconds since 1970; an empty list means any
--             quiet_seconds   only hours that have not changed for so long, or that seem to change in the future: the clock was set back
--             max_rows   most hours to name
-- columns     hour       start of the hour, seconds since 1970
--             start_us   a moment for the next roll, microseconds since 1970: now, but after every change and roll so far
SELECT toUnixTimestamp(hour) AS hour,
    toUnixTimestamp64Micro(greatest(now64(6, 'UTC'), changed, started)) + 1 AS start_us
FROM (SELECT hour, max(changed_at) AS changed FROM changed_hours GROUP BY hour) AS changes
LEFT JOIN
(
    SELECT hour, max(started_at) AS started, max(rolled_at) AS rolled FROM rolled_hours GROUP BY hour
) AS rolls USING (hour)
WHERE changed >= rolled
    AND (changed <= now64(6, 'UTC') - toIntervalSecond({quiet_seconds: UInt32}) OR changed > now64(6, 'UTC'))
    AND (empty({hours: Array(UInt32)}) OR toUnixTimestamp(hour) IN {hours: Array(UInt32)})
ORDER BY rolled, hour
LIMIT {max_rows: UInt32}
SETTINGS max_threads = 1
