-- Removes rows from disk: rewrites the parts that hold them.
-- parameters  table; column  its host_id or org_id; ids  of that column
-- columns     none: it deletes
ALTER TABLE {table: Identifier} DELETE WHERE {column: Identifier} IN {ids: Array(String)}
