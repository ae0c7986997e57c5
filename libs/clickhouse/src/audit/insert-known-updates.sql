-- Adds to the known updates what the raw rows say. Minima and maxima: what stands there already and is as early stays.
-- parameters  ids  channels that are looked at
-- columns     none: it writes
INSERT INTO known_updates (update_channel, update_version, first)
SELECT update_channel, update_version, min(told.first) AS first
FROM (
    SELECT toString(updates.update_channel) AS update_channel, updates.update_version AS update_version, min((received_at, occurred_at)) AS first FROM updates WHERE action = 'shipped' AND updates.update_channel IN {ids: Array(String)} GROUP BY update_channel, update_version
    UNION ALL
    SELECT toString(installs.update_channel) AS update_channel, toString(installs.update_version) AS update_version, min((received_at, occurred_at)) AS first FROM installs WHERE outcome = 'applied' AND installs.update_channel IN {ids: Array(String)} GROUP BY update_channel, update_version
) AS told
GROUP BY update_channel, update_version
