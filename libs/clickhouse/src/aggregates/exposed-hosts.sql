-- exposed-hosts.sql: how many hosts have each of these updates, by where they are?
-- parameters  channels, versions   the updates, pairwise
--             until_ms             only installs before, event time, milliseconds since 1970
--             by_country, by_org_id, by_os_build   whether to group by this dimension, as the install told it
--             countries, org_ids, os_builds        only hosts with one of these values; an empty list means any
-- columns     update_channel, update_version
--             country, org_id, os_build   empty where not asked for
--             exposed_hosts        distinct hosts
SELECT toString(installs.update_channel) AS update_channel, toString(installs.update_version) AS update_version,
    toString(if({by_country: Bool}, installs.country, '')) AS country, toString(if({by_org_id: Bool}, installs.org_id, '')) AS org_id,
    toString(if({by_os_build: Bool}, installs.os_build, '')) AS os_build,
    uniqExact(host_id) AS exposed_hosts
FROM installs
WHERE outcome = 'applied' AND occurred_at < fromUnixTimestamp64Milli({until_ms: Int64}, 'UTC')
    AND installs.update_channel IN {channels: Array(String)} AND installs.update_version IN {versions: Array(String)}
    AND (toString(installs.update_channel), toString(installs.update_version)) IN arrayZip({channels: Array(String)}, {versions: Array(String)})
    AND (empty({countries: Array(String)}) OR installs.country IN {countries: Array(String)})
    AND (empty({org_ids: Array(String)}) OR installs.org_id IN {org_ids: Array(String)})
    AND (empty({os_builds: Array(String)}) OR installs.os_build IN {os_builds: Array(String)})
GROUP BY update_channel, update_version, country, org_id, os_build
ORDER BY update_channel, update_version, country, org_id, os_build
