-- receiver-standing.sql: did a receiver say last that it is gone, or was it to be spoken to again since?
-- parameters  receiver   its name
-- columns     outcome    gone or resumed; no row where neither ever was
--             settings   fingerprint of its settings at that time
SELECT outcome, settings
FROM deliveries
WHERE receiver = {receiver: String} AND outcome IN ('gone', 'resumed')
ORDER BY started_at DESC
LIMIT 1
