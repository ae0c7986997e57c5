-- Which updates were first heard of in an interval of arrival time?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
-- columns     received_at, occurred_at  of what was heard first, the announcement or the first install
WITH firsts AS
(
    SELECT update_channel, update_version, min(known_updates.first) AS earliest
    FROM known_updates
    GROUP BY update_channel, update_version
)
SELECT update_channel, update_version,
    toUnixTimestamp64Milli(earliest.1) AS received_at,
    toUnixTimestamp64Milli(if(earliest.2 > earliest.1 + INTERVAL 2 MINUTE, earliest.1, earliest.2)) AS occurred_at
FROM firsts
WHERE received_at >= {since: Int64} AND received_at < {until: Int64}
ORDER BY update_channel, update_version
