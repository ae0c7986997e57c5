-- start-roll.sql: a roll of this hour is about to read the raw rows; a statement that writes.
-- parameters  hour       start of the hour, seconds since 1970
--             start_us   the moment of the roll, microseconds since 1970
-- columns     hour, started_at   as in the table `rolled_hours`
INSERT INTO rolled_hours (hour, started_at)
SELECT toDateTime({hour: UInt32}, 'UTC'), fromUnixTimestamp64Micro({start_us: Int64}, 'UTC')
