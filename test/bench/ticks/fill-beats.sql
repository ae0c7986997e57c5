-- fill-beats.sql: one heartbeat of each host, at some time of an interval, with the four channels of 500 that it runs
-- parameters  hosts     how many
--             since_ms, until_ms  the interval, milliseconds since 1970
-- columns     as in the table `heartbeats`
INSERT INTO heartbeats (occurred_at, received_at, host_id, org_id, country, os_build, booted_at, updates, source_partition, source_offset)
SELECT
    fromUnixTimestamp64Milli({since_ms: Int64} + toInt64(cityHash64(number, 1) % toUInt64({until_ms: Int64} - {since_ms: Int64})), 'UTC') AS occurred_at,
    occurred_at AS received_at,
    concat('host-', toString(number)) AS host_id,
    concat('org-', toString(number % 500)) AS org_id,
    ['US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'AU', 'CA', 'ZZ'][1 + cityHash64(number, 2) % 10] AS country,
    ['10.0.22631.3880', '10.0.19045.4651', '10.0.26100.1150'][1 + cityHash64(number, 3) % 3] AS os_build,
    fromUnixTimestamp64Milli({until_ms: Int64} - 86400000, 'UTC') AS booted_at,
    arrayMap(kind -> (concat('content-', toString(cityHash64(number, 10 + kind) % 500)), '1'), range(4)) AS updates,
    number % 4, intDiv(number, 4)
FROM numbers_mt({hosts: UInt64})
SETTINGS max_insert_threads = 2
