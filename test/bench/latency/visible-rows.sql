-- How far each partition can be read.
-- columns     partition
--             stored     rows of it
--             end        the offset after its last row
SELECT source_partition AS partition, count() AS stored, max(source_offset) + 1 AS end
FROM bugchecks
GROUP BY source_partition
