-- channel-hosts.sql: how many hosts are known to run each of these channels, whatever the version?
-- parameters  channels        names of channels
--             orgs            only hosts of these organisations; an empty list means any
-- columns     eligible_hosts  distinct hosts that reported the channel by heartbeat or took an update on it
SELECT update_channel, uniqExact(host_id) AS eligible_hosts
FROM channel_hosts
WHERE update_channel IN {channels: Array(String)}
    AND (empty({orgs: Array(String)}) OR host_id IN (
        SELECT host_id FROM hosts WHERE notEmpty({orgs: Array(String)}) GROUP BY host_id HAVING tupleElement(min(hosts.first), 3) IN {orgs: Array(String)}))
GROUP BY update_channel
ORDER BY update_channel
