-- Up to which arrival time is everything stored, over all partitions?
-- columns     closed_until   milliseconds since 1970 UTC; 0 when nothing has come yet
SELECT toInt64(min(closed)) AS closed_until
FROM (
    SELECT toUnixTimestamp64Milli(max(arrival_clocks.closed_until)) AS closed FROM arrival_clocks GROUP BY topic, source_partition
)
