-- Adds to the hosts of channels what the raw rows say. Minima and maxima: what stands there already and is as early stays.
-- parameters  ids  host ids that are looked at
-- columns     none: it writes
INSERT INTO channel_hosts (update_channel, host_id, first)
SELECT update_channel, host_id, min(told.first) AS first
FROM (
    SELECT toString(tupleElement(run, 1)) AS update_channel, host_id, min((received_at, occurred_at)) AS first FROM heartbeats ARRAY JOIN updates AS run WHERE true AND host_id IN {ids: Array(String)} GROUP BY update_channel, host_id
    UNION ALL
    SELECT toString(installs.update_channel) AS update_channel, host_id, min((received_at, occurred_at)) AS first FROM installs WHERE outcome = 'applied' AND host_id IN {ids: Array(String)} GROUP BY update_channel, host_id
) AS told
GROUP BY update_channel, host_id
