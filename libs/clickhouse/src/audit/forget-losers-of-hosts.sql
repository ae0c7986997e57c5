-- Deletes what losers of open conflicts alone decided of hosts: where and what a host was when it was first heard of.
-- columns     none: it deletes
DELETE FROM hosts WHERE (host_id, tupleElement(first, 1), tupleElement(first, 2)) IN (
    SELECT host_id, received_at, occurred_at FROM conflicts FINAL
    WHERE settled = 0 AND topic IN ('heartbeats', 'installs')
)
