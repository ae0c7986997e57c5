-- Which hosts stopped, as it arrived?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
--             told_late_before  event time, milliseconds: of what happened before, copies of what had arrived before the interval
--                               are left out; of the rest whoever asks knows those that arrived before
-- columns     parameters, fault_offset  64-bit values as decimal strings, exact
--             stratum_os_build, stratum_country  of the host when it was first heard of, by a sign that came before this one
--             is_known     whether there was such a sign; else the stratum is what the bugcheck says of its host
--             occurred_at  event time; arrival time where the host's clock is more than two minutes ahead
-- Copies within the interval are not left out. No FINAL: it reads all that was stored of the hours that crashes of the interval
-- happened in, and what lies between these.
WITH
    told_late AS
    (
        SELECT toStartOfHour(bugchecks.occurred_at) AS hour, driver, driver_version, bugchecks.occurred_at AS late_at, event_id
        FROM bugchecks
        WHERE bugchecks.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND bugchecks.received_at < fromUnixTimestamp64Milli({until: Int64})
            AND bugchecks.occurred_at < fromUnixTimestamp64Milli({told_late_before: Int64})
    ),
    known AS
    (
        SELECT driver, driver_version, bugchecks.occurred_at AS late_at, event_id
        FROM bugchecks
        WHERE bugchecks.received_at < fromUnixTimestamp64Milli({since: Int64})
            AND (toStartOfHour(bugchecks.occurred_at), driver, driver_version, bugchecks.occurred_at, event_id) IN (SELECT hour, driver, driver_version, late_at, event_id FROM told_late)
    ),
    stops AS
    (
        SELECT event_id, host_id, org_id, country, os_build, bugcheck_code, bugcheck_parameters, fault_offset, driver, driver_version, update_channel,
            toUnixTimestamp64Milli(bugchecks.received_at) AS received_ms,
            toUnixTimestamp64Milli(if(bugchecks.occurred_at > bugchecks.received_at + INTERVAL 2 MINUTE, bugchecks.received_at, bugchecks.occurred_at)) AS occurred_ms
        FROM bugchecks
        WHERE bugchecks.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND bugchecks.received_at < fromUnixTimestamp64Milli({until: Int64})
            AND (bugchecks.occurred_at >= fromUnixTimestamp64Milli({told_late_before: Int64})
                OR (driver, driver_version, bugchecks.occurred_at, event_id) NOT IN (SELECT driver, driver_version, late_at, event_id FROM known))
    ),
    strata AS
    (
        SELECT host_id, min(hosts.first) AS earliest_sign
        FROM hosts
        WHERE host_id IN
        (
            SELECT host_id FROM bugchecks
            WHERE bugchecks.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND bugchecks.received_at < fromUnixTimestamp64Milli({until: Int64})
        )
        GROUP BY host_id
    )
SELECT strata.host_id != '' AND toUnixTimestamp64Milli(strata.earliest_sign.1) <= received_ms AS is_known,
    stops.event_id AS event_id, stops.host_id AS host_id, org_id, country, os_build, bugcheck_code, driver, driver_version, update_channel,
    arrayMap(parameter -> toString(parameter), bugcheck_parameters) AS parameters, toString(stops.fault_offset) AS fault_offset,
    if(is_known, strata.earliest_sign.5, toString(os_build)) AS stratum_os_build,
    if(is_known, strata.earliest_sign.4, toString(country)) AS stratum_country,
    received_ms AS received_at, occurred_ms AS occurred_at
FROM stops LEFT JOIN strata ON stops.host_id = strata.host_id
ORDER BY received_at, event_id
