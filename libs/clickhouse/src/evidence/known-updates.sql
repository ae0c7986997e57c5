-- Which updates were first heard of in an interval of arrival time?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
-- columns     received_at, occurred_at  of what was heard first: the announcement, the first install, or the first crash that
--             named it; of a crash just after it, since what made an update known must not count against it
-- A crash makes an update known only from a day after the first crash of all, when most of what the fleet runs has been named;
-- and a driver's version only where another version of the driver was named a day before.
WITH
    told AS
    (
        SELECT toString(update_channel) AS update_channel, update_version, min(known_updates.first) AS earliest, 0 AS by_crash
        FROM known_updates
        GROUP BY update_channel, update_version
    ),
    (SELECT min(named_updates.first) FROM named_updates) AS first_crash,
    channels AS
    (
        SELECT update_channel, min(named_updates.first) AS earliest
        FROM named_updates
        GROUP BY update_channel
    ),
    versions AS
    (
        SELECT update_channel, update_version, min(named_updates.first) AS earliest
        FROM named_updates
        GROUP BY update_channel, update_version
    ),
    named AS
    (
        SELECT toString(versions.update_channel) AS update_channel, versions.update_version AS update_version, versions.earliest AS earliest, 1 AS by_crash
        FROM versions INNER JOIN channels ON versions.update_channel = channels.update_channel
        WHERE versions.earliest.1 >= first_crash.1 + INTERVAL 1 DAY
            AND (NOT startsWith(update_channel, 'driver:') OR versions.earliest.1 >= channels.earliest.1 + INTERVAL 1 DAY)
    ),
    firsts AS
    (
        SELECT update_channel, update_version, min((earliest.1, by_crash, earliest.2)) AS heard
        FROM (SELECT * FROM told UNION ALL SELECT * FROM named)
        GROUP BY update_channel, update_version
    )
SELECT update_channel, update_version,
    toUnixTimestamp64Milli(heard.1) AS received_at,
    toUnixTimestamp64Milli(if(heard.3 > heard.1 + INTERVAL 2 MINUTE, heard.1, heard.3)) + heard.2 AS occurred_at
FROM firsts
WHERE received_at >= {since: Int64} AND received_at < {until: Int64}
ORDER BY update_channel, update_version
