-- How many hosts had taken updates by a tick, by what they were and by when they took them? All that there is of these updates.
-- parameters  channels, versions  the updates asked for, one channel and one version each
--             until  arrival time, milliseconds since 1970 UTC: only what arrived before counts
-- columns     os_build, country  of the host when it was first heard of
--             received_at   the last second in which one of these installs arrived, its start
--             occurred_at   10 s bins of event time, their starts, in no order; hosts  distinct hosts of each
WITH
    firsts AS
    (
        SELECT update_channel, update_version, host_id, min(applied_updates.first) AS earliest
        FROM applied_updates
        WHERE (update_channel, update_version) IN (SELECT tupleElement(each, 1), tupleElement(each, 2) FROM (SELECT arrayJoin(arrayZip({channels: Array(String)}, {versions: Array(String)})) AS each))
        GROUP BY update_channel, update_version, host_id
        HAVING toUnixTimestamp64Milli(earliest.1) < {until: Int64}
    ),
    strata AS
    (
        SELECT host_id, min(hosts.first) AS earliest_sign
        FROM hosts
        GROUP BY host_id
    ),
    counted AS
    (
        SELECT update_channel, update_version, strata.earliest_sign.5 AS os_build, strata.earliest_sign.4 AS country,
            intDiv(toUnixTimestamp64Milli(if(firsts.earliest.2 > firsts.earliest.1 + INTERVAL 2 MINUTE, firsts.earliest.1, firsts.earliest.2)), 10000) * 10000 AS bin,
            max(intDiv(toUnixTimestamp64Milli(firsts.earliest.1), 1000) * 1000) AS received_second,
            toUInt32(count()) AS counted_hosts
        FROM firsts INNER JOIN strata ON firsts.host_id = strata.host_id
        GROUP BY update_channel, update_version, os_build, country, bin
    )
SELECT update_channel, update_version, os_build, country, max(received_second) AS received_at,
    groupArray(bin) AS occurred_at, groupArray(counted_hosts) AS hosts
FROM counted
GROUP BY update_channel, update_version, os_build, country
ORDER BY update_channel, update_version, os_build, country
