-- fill-bugchecks.sql: made-up bugchecks over three days, evenly in time, of 1,000,000 hosts and 3,000 pairs of driver and version.
-- parameters  rows       how many
--             since_ms   when the three days begin, milliseconds since 1970
--             skewed     whether a few pairs have most of the crashes (the share falls as 1 / rank), or all as many
-- columns     as in the table `bugchecks`
INSERT INTO bugchecks (event_id, occurred_at, received_at, host_id, org_id, country, os_build, bugcheck_code, bugcheck_parameters,
    driver, driver_version, update_channel, update_version, fault_offset, uptime_seconds, recent_updates, source_partition, source_offset)
SELECT
    lower(hex(sipHash128(number))) AS event_id,
    fromUnixTimestamp64Milli({since_ms: Int64} + toInt64(intDiv(number * 259200000, {rows: UInt64})), 'UTC') AS occurred_at,
    occurred_at + toIntervalMillisecond(cityHash64(number, 5) % 30000) AS received_at,
    lower(hex(sipHash64(cityHash64(number, 2) % 1000000))) AS host_id,
    concat('org-', toString(cityHash64(host_id) % 500)) AS org_id,
    ['US', 'DE', 'GB', 'FR', 'IN', 'BR', 'JP', 'AU', 'CA', 'ZZ'][1 + cityHash64(host_id, 1) % 10] AS country,
    ['10.0.22631.3880', '10.0.19045.4651', '10.0.26100.1150'][1 + cityHash64(host_id, 2) % 3] AS os_build,
    [80, 209, 126, 159, 307, 268435582][1 + cityHash64(pair, 3) % 6] AS bugcheck_code,
    [sipHash64(number, 3), 2, cityHash64(pair), 0] AS bugcheck_parameters,
    concat('drv', toString(pair % 300), '.sys') AS driver,
    concat('31.0.15.', toString(1000 + intDiv(pair, 300))) AS driver_version,
    if(pair % 2 = 0, concat('driver:', driver), concat('content-', toString(pair % 300))) AS update_channel,
    if(pair % 2 = 0, driver_version, concat('C-', toString(pair))) AS update_version,
    4096 + pair AS fault_offset,
    cityHash64(number, 4) % 1000000 AS uptime_seconds,
    [(update_channel, update_version, occurred_at - toIntervalMinute(cityHash64(number, 6) % 10000))] AS recent_updates,
    number % 4, intDiv(number, 4)
FROM
(
    SELECT number, toUInt32(if({skewed: Bool},
        least(2999, floor(pow(3000, (cityHash64(number, 1) % 1000000007) / 1000000007.)) - 1),
        cityHash64(number, 1) % 3000)) AS pair
    FROM numbers_mt({rows: UInt64})
)
SETTINGS max_insert_threads = 2
