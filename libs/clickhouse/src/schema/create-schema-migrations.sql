-- Where it is kept which migrations have run here.
-- columns     file      its name; checksum  SHA-256 of its text when it ran
CREATE TABLE IF NOT EXISTS schema_migrations
(
    file String,
    checksum String,
    applied_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY file
