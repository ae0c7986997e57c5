-- What did innocent updates do to the crash rate, as a detector noted it?
-- parameters  detector; until  the last tick that counts, milliseconds since 1970 UTC, inclusive
-- columns     relative_risk  crash rate of hosts with the update over that of hosts without; noted_at  the tick, milliseconds
SELECT update_channel, update_version, relative_risk, toUnixTimestamp64Milli(benign_updates.noted_at) AS noted_at
FROM benign_updates FINAL
WHERE detector = {detector: String} AND benign_updates.noted_at <= fromUnixTimestamp64Milli({until: Int64})
ORDER BY noted_at, update_channel, update_version
