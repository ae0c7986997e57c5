-- What a peer stored against the truth.
-- columns     missing_events   sent, but not there
--             extra_events     there, but never sent as a good event
--             wrong_events     there with other content than was sent
--             missing_letters  refused by the contract, but not among the dead letters
--             extra_letters    dead letters of good messages
--             other_reasons    dead letters for another reason than the contract's
WITH
    events AS
    (
        SELECT event_id, countIf(side = 'truth') > 0 AS sent, countIf(side = 'peer') > 0 AS stored, uniqExact(content) > 1 AS differs
        FROM
        (
            SELECT 'truth' AS side, event_id, cityHash64(toUnixTimestamp64Milli(occurred_at), host_id, toString(org_id), toString(country),
                toString(os_build), bugcheck_code, bugcheck_parameters, toString(driver), toString(driver_version), toString(update_channel),
                toString(update_version), toString(fault_offset), toString(uptime_seconds), toString(recent_updates)) AS content
            FROM truth.bugchecks
            UNION ALL
            SELECT 'peer' AS side, event_id, cityHash64(toUnixTimestamp64Milli(occurred_at), host_id, toString(org_id), toString(country),
                toString(os_build), bugcheck_code, bugcheck_parameters, toString(driver), toString(driver_version), toString(update_channel),
                toString(update_version), toString(fault_offset), toString(uptime_seconds), toString(recent_updates)) AS content
            FROM bugchecks
        )
        GROUP BY event_id
    ),
    letters AS
    (
        SELECT source_partition, source_offset, countIf(side = 'truth') > 0 AS due, countIf(side = 'peer') > 0 AS stored,
            uniqExact(reason) > 1 AS differs
        FROM
        (
            SELECT 'truth' AS side, source_partition, source_offset, reason FROM truth.dead_letters
            UNION ALL
            SELECT 'peer' AS side, source_partition, source_offset, toString(reason) AS reason FROM dead_letters
        )
        GROUP BY source_partition, source_offset
    )
SELECT
    (SELECT countIf(sent AND NOT stored) FROM events) AS missing_events,
    (SELECT countIf(stored AND NOT sent) FROM events) AS extra_events,
    (SELECT countIf(stored AND sent AND differs) FROM events) AS wrong_events,
    (SELECT countIf(due AND NOT stored) FROM letters) AS missing_letters,
    (SELECT countIf(stored AND NOT due) FROM letters) AS extra_letters,
    (SELECT countIf(stored AND due AND differs) FROM letters) AS other_reasons
