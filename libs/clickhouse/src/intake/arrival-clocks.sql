-- How far is arrival time closed, partition by partition?
-- columns     topic, source_partition
--             closed_until  milliseconds since 1970 UTC; everything that arrived before is stored
SELECT topic, source_partition, toUnixTimestamp64Milli(max(arrival_clocks.closed_until)) AS closed_until
FROM arrival_clocks
GROUP BY topic, source_partition
ORDER BY topic, source_partition
