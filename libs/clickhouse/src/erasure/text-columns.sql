-- Which columns can hold a text?
-- columns     table, column
SELECT table, name AS column FROM system.columns
WHERE database = currentDatabase() AND type LIKE '%String%' AND type NOT LIKE 'AggregateFunction%'
    AND default_kind NOT IN ('EPHEMERAL', 'ALIAS') AND table != 'erasures'
    AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND (engine LIKE '%MergeTree' OR engine = 'Distributed'))
ORDER BY table, position
