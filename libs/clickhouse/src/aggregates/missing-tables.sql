-- missing-tables.sql: which of these tables are not there?
-- parameters  tables   names of tables that a service reads
-- columns     name     one that this database lacks
SELECT arrayJoin({tables: Array(String)}) AS name
WHERE name NOT IN (SELECT name FROM system.tables WHERE database = currentDatabase())
ORDER BY name
