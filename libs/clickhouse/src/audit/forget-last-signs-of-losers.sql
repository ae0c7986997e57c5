-- Takes back last signs of life that came from losers of open conflicts, to the first sign; what raw holds is added after it.
-- columns     none: it updates
ALTER TABLE hosts UPDATE last_seen_at = tupleElement(first, 2) WHERE (host_id, last_seen_at) IN (
    SELECT host_id, occurred_at FROM conflicts FINAL
    WHERE settled = 0 AND topic IN ('heartbeats', 'installs')
)
