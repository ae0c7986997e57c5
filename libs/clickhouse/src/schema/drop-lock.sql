-- Deletes a lock of the schema that has a successor.
-- parameters  table   the lock
-- columns     none
DROP TABLE IF EXISTS {table: Identifier}
