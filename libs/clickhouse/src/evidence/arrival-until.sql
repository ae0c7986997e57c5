-- Up to which arrival time is everything stored?
-- columns     closed_until  the least arrival clock, milliseconds since 1970 UTC
--             partitions    how many partitions have a clock; fewer than there are means that some are not read yet
SELECT min(closed) AS closed_until, toUInt32(count()) AS partitions
FROM
(
    SELECT toUnixTimestamp64Milli(max(closed_until)) AS closed
    FROM arrival_clocks
    GROUP BY topic, source_partition
)
