-- fill-installs.sql: each host takes one version of each of its four channels of 500, at some time of an interval
-- parameters  hosts     how many
--             version   which version
--             since_ms, until_ms  the interval, milliseconds since 1970
-- columns     as in the table `installs`
INSERT INTO installs (event_id, occurred_at, received_at, host_id, org_id, country, os_build, update_channel, update_version, outcome, source_partition, source_offset)
SELECT
    concat({version: String}, '-', toString(number)) AS event_id,
    fromUnixTimestamp64Milli({since_ms: Int64} + toInt64(cityHash64(number, {version: String}) % toUInt64({until_ms: Int64} - {since_ms: Int64})), 'UTC') AS occurred_at,
    occurred_at AS received_at,
    concat('host-', toString(host)) AS host_id,
    concat('org-', toString(host % 500)) AS org_id,
    ['US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'AU', 'CA', 'ZZ'][1 + cityHash64(host, 2) % 10] AS country,
    ['10.0.22631.3880', '10.0.19045.4651', '10.0.26100.1150'][1 + cityHash64(host, 3) % 3] AS os_build,
    concat('content-', toString(cityHash64(host, 10 + intDiv(number, {hosts: UInt64})) % 500)) AS update_channel,
    {version: String} AS update_version,
    'applied' AS outcome,
    number % 4, intDiv(number, 4)
FROM (SELECT number, number % {hosts: UInt64} AS host FROM numbers_mt(4 * {hosts: UInt64}))
SETTINGS max_insert_threads = 2
