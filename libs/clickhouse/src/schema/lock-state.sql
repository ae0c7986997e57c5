-- Does a process still hold this lock? Ages are by the server's clock, so that no two clocks are compared.
-- parameters  table      the lock
-- columns     released   1 when its holder has said that it is done
--             silent_ms  since its holder last said that it is alive; from the lock's making, when it never did
SELECT
    toUInt8(countIf(state = 'released') > 0) AS released,
    if(count() > 0,
        dateDiff('millisecond', max(noted_at), now64(3, 'UTC')),
        (SELECT 1000 * dateDiff('second', metadata_modification_time, now()) FROM system.tables
            WHERE database = currentDatabase() AND name = {table: String})) AS silent_ms
FROM {table: Identifier}
