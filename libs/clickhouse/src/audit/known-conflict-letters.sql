-- Which of these contents have a dead letter of a conflict already?
-- parameters  topic; hashes  SHA-256 of canonical payloads, upper-case hexadecimal
-- columns     hash  as given; source_partition, source_offset  where the letter came from
SELECT hex(SHA256(payload)) AS hash, source_partition, source_offset
FROM dead_letters FINAL
WHERE source_topic = {topic: String} AND reason = 'conflict' AND hex(SHA256(payload)) IN {hashes: Array(String)}
