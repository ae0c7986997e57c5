-- finish-roll.sql: the counts of this hour are stored; a statement that writes.
-- parameters  hour       start of the hour, seconds since 1970
--             start_us   when the roll started, microseconds since 1970
-- columns     hour, started_at, rolled_at   as in the table `rolled_hours`
INSERT INTO rolled_hours (hour, started_at, rolled_at)
SELECT toDateTime({hour: UInt32}, 'UTC'), fromUnixTimestamp64Micro({start_us: Int64}, 'UTC') AS started, started
