-- Which hosts stopped, as it arrived?
-- parameters  since, until  arrival time, milliseconds since 1970 UTC, half-open
-- columns     parameters, fault_offset  64-bit values as decimal strings, exact
--             stratum_os_build, stratum_country  of the host when it was first heard of, by a sign that came before this one
--             is_known     whether there was such a sign; else the stratum is what the bugcheck says of its host
--             occurred_at  event time; arrival time where the host's clock is more than two minutes ahead
WITH
    stops AS
    (
        SELECT event_id, host_id, org_id, country, os_build, bugcheck_code, bugcheck_parameters, fault_offset, driver, driver_version, update_channel,
            toUnixTimestamp64Milli(bugchecks.received_at) AS received_ms,
            toUnixTimestamp64Milli(if(bugchecks.occurred_at > bugchecks.received_at + INTERVAL 2 MINUTE, bugchecks.received_at, bugchecks.occurred_at)) AS occurred_ms
        FROM bugchecks FINAL
        WHERE bugchecks.received_at >= fromUnixTimestamp64Milli({since: Int64}) AND bugchecks.received_at < fromUnixTimestamp64Milli({until: Int64})
    ),
    strata AS
    (
        SELECT host_id, min(hosts.first) AS earliest_sign
        FROM hosts
        WHERE host_id IN (SELECT host_id FROM stops)
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
