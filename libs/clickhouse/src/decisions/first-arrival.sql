-- When did anything arrive first?
-- columns     received_at  milliseconds since 1970 UTC; 0 when nothing has arrived
SELECT min(earliest) AS received_at
FROM
(
    SELECT min(toUnixTimestamp64Milli(tupleElement(hosts.first, 1))) AS earliest FROM hosts HAVING count() > 0
    UNION ALL
    SELECT min(toUnixTimestamp64Milli(received_at)) AS earliest FROM updates HAVING count() > 0
    UNION ALL
    SELECT min(toUnixTimestamp64Milli(received_at)) AS earliest FROM bugchecks HAVING count() > 0
)
