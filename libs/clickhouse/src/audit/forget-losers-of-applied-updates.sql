-- Deletes what losers of open conflicts alone decided of first applications of updates.
-- columns     none: it deletes
DELETE FROM applied_updates WHERE (update_channel, update_version, host_id, tupleElement(first, 1), tupleElement(first, 2)) IN (
    SELECT tupleElement(told, 1), tupleElement(told, 2), host_id, received_at, occurred_at FROM conflicts FINAL ARRAY JOIN updates AS told
    WHERE settled = 0 AND topic IN ('installs')
)
