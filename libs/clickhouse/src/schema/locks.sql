-- Which locks of the schema are there?
-- parameters  prefix   what their names begin with
-- columns     name     of the table that is the lock
SELECT name FROM system.tables WHERE database = currentDatabase() AND match(name, concat('^', {prefix: String}, '[0-9]+$'))
