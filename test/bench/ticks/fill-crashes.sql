-- fill-crashes.sql: hosts that crash as hosts do, evenly over an interval, of 300 drivers
-- parameters  rows      how many
--             hosts     of how many hosts
--             name      goes into the event ids
--             since_ms, until_ms  the interval, milliseconds since 1970
-- columns     as in the table `bugchecks`
INSERT INTO bugchecks (event_id, occurred_at, received_at, host_id, org_id, country, os_build, bugcheck_code, bugcheck_parameters,
    driver, driver_version, update_channel, update_version, source_partition, source_offset)
SELECT
    concat({name: String}, '-', toString(number)) AS event_id,
    fromUnixTimestamp64Milli({since_ms: Int64} + toInt64(number * toUInt64({until_ms: Int64} - {since_ms: Int64}) / {rows: UInt64}), 'UTC') AS occurred_at,
    occurred_at AS received_at,
    concat('host-', toString(host)) AS host_id,
    concat('org-', toString(host % 500)) AS org_id,
    ['US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'AU', 'CA', 'ZZ'][1 + cityHash64(host, 2) % 10] AS country,
    ['10.0.22631.3880', '10.0.19045.4651', '10.0.26100.1150'][1 + cityHash64(host, 3) % 3] AS os_build,
    80 AS bugcheck_code,
    [0, 0, 0, 0] AS bugcheck_parameters,
    concat('drv', toString(cityHash64(number, 4) % 300), '.sys') AS driver,
    '1' AS driver_version, '' AS update_channel, '' AS update_version,
    number % 4, intDiv(number, 4)
FROM (SELECT number, cityHash64(number, {name: String}) % {hosts: UInt64} AS host FROM numbers_mt({rows: UInt64}))
SETTINGS max_insert_threads = 2
