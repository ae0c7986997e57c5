-- Of the hosts that run an update's channel, how many are awake: of those that have taken it, and of those that have not?
-- parameters  channels, versions  the updates asked for, one channel and one version each
--             until  the tick, arrival time, milliseconds since 1970 UTC: only what arrived before counts
-- columns     os_build, country  of the hosts when they were first heard of
--             untouched, taken  hosts that have not taken the update, and that have
--             …_awake  those of them that beat in the last hour; of those that beat once or twice a day, in the last 26 hours
-- Counted in a sample of at most some 65,536 hosts, the same ones each time, chosen by the hash of their names.
WITH
    (
        SELECT toUInt64(exp2(ceil(log2(greatest(1, uniqExactIf(host_id, tupleElement(hosts.first, 1) < fromUnixTimestamp64Milli({until: Int64})) / 65536)))))
        FROM hosts
    ) AS parts,
    asked AS
    (
        SELECT tupleElement(each, 1) AS channel, tupleElement(each, 2) AS version
        FROM (SELECT arrayJoin(arrayZip({channels: Array(String)}, {versions: Array(String)})) AS each)
    ),
    strata AS
    (
        SELECT host_id, min(hosts.first) AS earliest_sign
        FROM hosts
        WHERE cityHash64(host_id) % parts = 0
        GROUP BY host_id
        HAVING toUnixTimestamp64Milli(earliest_sign.1) < {until: Int64}
    ),
    beating AS
    (
        SELECT host_id, max(occurred_at) >= fromUnixTimestamp64Milli({until: Int64}) - INTERVAL 1 HOUR OR uniqExact(occurred_at) <= 2 AS is_awake
        FROM heartbeats
        WHERE cityHash64(host_id) % parts = 0
            AND received_at < fromUnixTimestamp64Milli({until: Int64}) AND occurred_at < fromUnixTimestamp64Milli({until: Int64})
            AND occurred_at >= fromUnixTimestamp64Milli({until: Int64}) - INTERVAL 26 HOUR
        GROUP BY host_id
    ),
    members AS
    (
        SELECT toString(update_channel) AS channel, host_id
        FROM channel_hosts
        WHERE update_channel IN {channels: Array(String)} AND cityHash64(host_id) % parts = 0
        GROUP BY channel, host_id
        HAVING toUnixTimestamp64Milli(tupleElement(min(channel_hosts.first), 1)) < {until: Int64}
    ),
    taken AS
    (
        SELECT toString(update_channel) AS channel, toString(update_version) AS version, host_id
        FROM applied_updates
        WHERE (update_channel, update_version) IN (SELECT channel, version FROM asked) AND cityHash64(host_id) % parts = 0
        GROUP BY channel, version, host_id
        HAVING toUnixTimestamp64Milli(tupleElement(min(applied_updates.first), 1)) < {until: Int64}
    ),
    could_crash AS
    (
        SELECT asked.channel AS channel, asked.version AS version, members.host_id AS host_id,
            (channel, version, host_id) IN (SELECT channel, version, host_id FROM taken) AS has_taken
        FROM asked INNER JOIN members ON asked.channel = members.channel
    )
SELECT could_crash.channel AS update_channel, could_crash.version AS update_version,
    strata.earliest_sign.5 AS os_build, strata.earliest_sign.4 AS country,
    toUInt32(countIf(NOT has_taken)) AS untouched, toUInt32(countIf(NOT has_taken AND beating.is_awake)) AS untouched_awake,
    toUInt32(countIf(has_taken)) AS taken, toUInt32(countIf(has_taken AND beating.is_awake)) AS taken_awake
FROM could_crash
INNER JOIN strata ON could_crash.host_id = strata.host_id
LEFT JOIN beating ON could_crash.host_id = beating.host_id
GROUP BY update_channel, update_version, os_build, country
ORDER BY update_channel, update_version, os_build, country
