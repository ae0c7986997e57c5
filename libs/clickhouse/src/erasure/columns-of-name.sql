-- Which tables have a column of this name?
-- parameters  column
-- columns     table
SELECT table FROM system.columns
WHERE database = currentDatabase() AND name = {column: String}
    AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND (engine LIKE '%MergeTree' OR engine = 'Distributed'))
ORDER BY table
