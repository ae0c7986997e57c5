-- fill-installs.sql: each update of fill-updates.sql is applied by the same number of hosts, within two hours of its shipping.
-- parameters  updates   how many updates
--             hosts     how many hosts take each
--             since_ms  when the three days begin, milliseconds since 1970
-- columns     as in the table `installs`
INSERT INTO installs (event_id, occurred_at, received_at, host_id, org_id, country, os_build, update_channel, update_version, outcome,
    driver, driver_version, source_partition, source_offset)
SELECT
    concat('i', toString(number)),
    fromUnixTimestamp64Milli({since_ms: Int64} + toInt64(intDiv((number % {updates: UInt64}) * 259200000, {updates: UInt64}))
        + toInt64(cityHash64(number) % 7200000), 'UTC') AS occurred_at,
    occurred_at + toIntervalSecond(2),
    lower(hex(sipHash64(cityHash64(number, 7) % 1000000))) AS host_id,
    concat('org-', toString(cityHash64(host_id) % 500)),
    ['US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'AU', 'CA', 'ZZ'][1 + cityHash64(host_id, 1) % 10],
    ['10.0.22631.3880', '10.0.19045.4651', '10.0.26100.1150'][1 + cityHash64(host_id, 2) % 3],
    concat('content-', toString((2 * (number % {updates: UInt64}) + 1) % 300)),
    concat('C-', toString(2 * (number % {updates: UInt64}) + 1)),
    'applied',
    '', '',
    number % 4, intDiv(number, 4)
FROM numbers_mt({updates: UInt64} * {hosts: UInt64})
