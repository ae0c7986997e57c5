-- How much is in a database, before anything is restored into it?
-- parameters  database   its name
-- columns     tables     how many tables and views it has; 0 when it is not there
SELECT toUInt32(count()) AS tables FROM system.tables WHERE database = {database: String}
