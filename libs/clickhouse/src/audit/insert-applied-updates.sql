-- Adds to the first applications of updates what the raw rows say. Minima and maxima: what stands there already and is as early stays.
-- parameters  ids  host ids that are looked at
-- columns     none: it writes
INSERT INTO applied_updates (update_channel, update_version, host_id, first)
SELECT update_channel, update_version, host_id, min(told.first) AS first
FROM (
    SELECT toString(installs.update_channel) AS update_channel, toString(installs.update_version) AS update_version, host_id, min((received_at, occurred_at)) AS first FROM installs WHERE outcome = 'applied' AND host_id IN {ids: Array(String)} GROUP BY update_channel, update_version, host_id
) AS told
GROUP BY update_channel, update_version, host_id
