-- channel-hosts.sql: how many hosts are known to run each of these channels, whatever the version?
-- parameters  channels        names of channels
-- columns     eligible_hosts  distinct hosts that reported the channel by heartbeat or took an update on it
SELECT update_channel, uniqExact(host_id) AS eligible_hosts
FROM channel_hosts
WHERE update_channel IN {channels: Array(String)}
GROUP BY update_channel
ORDER BY update_channel
