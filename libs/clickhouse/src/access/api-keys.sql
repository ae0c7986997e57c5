-- api-keys.sql: which keys are there, revoked ones included?
-- columns     as of the table, in their newest version; created_ms, revoked_ms  milliseconds since 1970 UTC, revoked_ms null while valid
SELECT key_id, name, secret_hash, scopes, orgs, toUnixTimestamp64Milli(created_at) AS created_ms,
    if(isNull(revoked_at), NULL, toUnixTimestamp64Milli(assumeNotNull(revoked_at))) AS revoked_ms
FROM api_keys FINAL
ORDER BY created_ms, key_id
