-- Notes that every open settlement is finished.
-- columns     none: it writes
INSERT INTO conflicts (topic, event_id, host_id, org_id, occurred_at, received_at, content_hash, updates, settled)
SELECT topic, event_id, host_id, org_id, occurred_at, received_at, content_hash, updates, 1 FROM conflicts FINAL WHERE settled = 0
