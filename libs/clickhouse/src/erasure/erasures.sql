-- Whose events were erased and must not be stored again?
-- columns     kind  host or org; id
--             erased_at  milliseconds since 1970 UTC: events whose record is not younger are meant
SELECT kind, id, toUnixTimestamp64Milli(max(erasures.erased_at)) AS erased_at FROM erasures GROUP BY kind, id
