-- Who may ask the api, and what people did by it.

-- One row a key, its newest version. The key itself is nowhere: `secret_hash` is the SHA-256 of all of it, in hexadecimal, and 32
-- random characters leave nothing to guess. `orgs`: only the data of these; empty for all. A revoked key stays listed.
CREATE TABLE IF NOT EXISTS api_keys
(
    key_id String,
    name String,
    secret_hash String,
    scopes Array(LowCardinality(String)),
    orgs Array(String),
    created_at DateTime64(3, 'UTC'),
    revoked_at Nullable(DateTime64(3, 'UTC')),
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = ReplacingMergeTree(written_at)
ORDER BY key_id;

-- One row a thing that somebody did: with an incident, with a key. `before` and `after` are JSON objects.
CREATE TABLE IF NOT EXISTS api_audit
(
    entry_id String,
    at DateTime64(3, 'UTC'),
    actor String,
    key_id String,
    action LowCardinality(String),
    target String,
    before String,
    after String
)
ENGINE = ReplacingMergeTree
ORDER BY (at, entry_id)
TTL toDateTime(at) + INTERVAL 730 DAY;
