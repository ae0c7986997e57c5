-- Deletes what losers of open conflicts alone decided of the hosts of channels.
-- columns     none: it deletes
DELETE FROM channel_hosts WHERE (update_channel, host_id, tupleElement(first, 1), tupleElement(first, 2)) IN (
    SELECT tupleElement(told, 1), host_id, received_at, occurred_at FROM conflicts FINAL ARRAY JOIN updates AS told
    WHERE settled = 0 AND topic IN ('heartbeats', 'installs')
)
