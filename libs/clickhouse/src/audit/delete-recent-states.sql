-- Deletes the states of some hosts or channels that rest on rows which raw must still hold, so that they can be made again.
-- parameters  table; column  its host_id or update_channel; ids  of that column
--             horizon  milliseconds since 1970 UTC: what arrived from then on is still there in raw
-- columns     none: it deletes
DELETE FROM {table: Identifier}
WHERE {column: Identifier} IN {ids: Array(String)} AND tupleElement(first, 1) >= fromUnixTimestamp64Milli({horizon: Int64}, 'UTC')
