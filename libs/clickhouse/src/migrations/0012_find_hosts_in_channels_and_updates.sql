-- Which channels and updates are known of a host that crashed? Both tables are sorted by channel, so that every tick with a crash
-- read all of them. A filter of the hosts of each granule leaves those that hold one of a few hosts.
ALTER TABLE channel_hosts ADD INDEX IF NOT EXISTS host host_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE channel_hosts MATERIALIZE INDEX IF EXISTS host;
ALTER TABLE applied_updates ADD INDEX IF NOT EXISTS host host_id TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE applied_updates MATERIALIZE INDEX IF EXISTS host;
