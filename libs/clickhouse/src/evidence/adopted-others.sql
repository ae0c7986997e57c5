-- How many hosts took other updates than these for the first time, and when was the last of it told? It says on which channels
-- hosts tell their installs.
-- parameters  channels, versions  the updates left out, one channel and one version each
--             since, until  arrival time, milliseconds since 1970 UTC, half-open
-- columns     hosts  distinct hosts; received_at  the last second of arrival, its start
WITH
    known AS
    (
        SELECT tupleElement(each, 1) AS channel, tupleElement(each, 2) AS version FROM (SELECT arrayJoin(arrayZip({channels: Array(String)}, {versions: Array(String)})) AS each)
    ),
    firsts AS
    (
        SELECT update_channel, update_version, host_id, min(applied_updates.first) AS earliest
        FROM applied_updates
        WHERE (update_channel, update_version, host_id) IN
        (
            SELECT update_channel, update_version, host_id
            FROM applied_updates
            WHERE (update_channel, update_version) NOT IN (SELECT channel, version FROM known)
                AND tupleElement(applied_updates.first, 1) >= fromUnixTimestamp64Milli({since: Int64})
                AND tupleElement(applied_updates.first, 1) < fromUnixTimestamp64Milli({until: Int64})
        )
        GROUP BY update_channel, update_version, host_id
        HAVING toUnixTimestamp64Milli(earliest.1) >= {since: Int64}
    )
SELECT update_channel, update_version, toUInt32(count()) AS hosts,
    max(intDiv(toUnixTimestamp64Milli(firsts.earliest.1), 1000) * 1000) AS received_at
FROM firsts
GROUP BY update_channel, update_version
ORDER BY update_channel, update_version
