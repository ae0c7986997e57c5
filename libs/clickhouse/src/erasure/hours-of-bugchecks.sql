-- In which hours did a host or org have bugchecks, as far as they still stand there or its tombstone says so?
-- parameters  column  host_id or org_id; kind  host or org; id
-- columns     hour  seconds since 1970 UTC
SELECT DISTINCT toUnixTimestamp(hour) AS hour
FROM (
    SELECT toStartOfHour(occurred_at) AS hour FROM bugchecks WHERE {column: Identifier} = {id: String}
    UNION ALL
    SELECT arrayJoin(hours) AS hour FROM erasures WHERE kind = {kind: String} AND id = {id: String}
)
ORDER BY hour
