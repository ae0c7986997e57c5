-- How far is an audit?
-- parameters  audit  its name
-- columns     topic, source_partition
--             until  an offset, or milliseconds since 1970 UTC: what the audit says of itself
SELECT topic, source_partition, until FROM audit_progress FINAL WHERE audit = {audit: String}
