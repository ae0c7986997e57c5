-- Deletes what losers of open conflicts alone decided of known updates.
-- columns     none: it deletes
DELETE FROM known_updates WHERE (update_channel, update_version, tupleElement(first, 1), tupleElement(first, 2)) IN (
    SELECT tupleElement(told, 1), tupleElement(told, 2), received_at, occurred_at FROM conflicts FINAL ARRAY JOIN updates AS told
    WHERE settled = 0 AND topic IN ('updates', 'installs')
)
