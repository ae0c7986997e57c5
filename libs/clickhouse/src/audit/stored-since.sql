-- How many rows were stored since a moment, and what time is it for the server?
-- parameters  table  one of the inputs; since  seconds since 1970 UTC
-- columns     rows; now  seconds since 1970 UTC
SELECT count() AS rows, toUnixTimestamp(now()) AS now FROM {table: Identifier} WHERE stored_at >= fromUnixTimestamp({since: Int64})
