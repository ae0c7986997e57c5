-- Which migrations have run here?
-- columns     file      its name; checksum  SHA-256 of its text when it ran
SELECT file, checksum FROM schema_migrations FINAL ORDER BY file
