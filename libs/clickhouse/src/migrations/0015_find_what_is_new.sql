-- Which hosts are new on a channel, or told an update that nobody watches? Asked every minute, it read all rows of both tables.
-- With the first and last arrival of each granule, those that nothing has come to for long are left out.
ALTER TABLE channel_hosts ADD INDEX IF NOT EXISTS arrived tupleElement(first, 1) TYPE minmax GRANULARITY 1;
ALTER TABLE channel_hosts MATERIALIZE INDEX IF EXISTS arrived;
ALTER TABLE applied_updates ADD INDEX IF NOT EXISTS arrived tupleElement(first, 1) TYPE minmax GRANULARITY 1;
ALTER TABLE applied_updates MATERIALIZE INDEX IF EXISTS arrived;
