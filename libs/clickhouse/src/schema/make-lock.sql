-- Takes a lock of the schema, which fails when another process has it.
-- parameters  table   the lock
-- columns     holder  process; state  held or released; noted_at  when it said so, by the server
CREATE TABLE {table: Identifier}
(
    holder String,
    state LowCardinality(String),
    noted_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY noted_at
