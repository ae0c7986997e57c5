-- How many hosts were heard of?
-- parameters  until  arrival time, milliseconds since 1970 UTC: only what arrived before counts
-- columns     hosts  distinct hosts
SELECT uniqExactIf(cityHash64(host_id), tupleElement(hosts.first, 1) < fromUnixTimestamp64Milli({until: Int64})) AS hosts
FROM hosts
