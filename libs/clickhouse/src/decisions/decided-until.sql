-- Which was the last tick that a detector finished?
-- parameters  detector
-- columns     decided_until  milliseconds since 1970 UTC; no row when it never finished one
SELECT toUnixTimestamp64Milli(max(detector_progress.decided_until)) AS decided_until
FROM detector_progress
WHERE detector = {detector: String}
GROUP BY detector
