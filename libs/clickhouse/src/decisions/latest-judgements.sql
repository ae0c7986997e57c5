-- Where do updates stand, as a detector found it last?
-- parameters  detector; channels, versions  the updates asked for, one channel and one version each
-- columns     judged_at  arrival time, milliseconds since 1970 UTC; the others as of the table
SELECT update_channel, update_version, toUnixTimestamp64Milli(max(judgements.judged_at)) AS judged_at,
    argMax(judgements.standing, judgements.judged_at) AS standing,
    argMax(judgements.statistic, judgements.judged_at) AS statistic, argMax(judgements.threshold, judgements.judged_at) AS threshold,
    argMax(judgements.observed, judgements.judged_at) AS observed, argMax(judgements.expected, judgements.judged_at) AS expected,
    argMax(tuple(judgements.ratio), judgements.judged_at).1 AS ratio, argMax(tuple(judgements.ratio_low), judgements.judged_at).1 AS ratio_low,
    argMax(tuple(judgements.ratio_high), judgements.judged_at).1 AS ratio_high,
    argMax(judgements.min_relative_risk, judgements.judged_at) AS min_relative_risk,
    argMax(judgements.exposed_hosts, judgements.judged_at) AS exposed_hosts
FROM judgements
WHERE detector = {detector: String}
    AND (update_channel, update_version) IN (SELECT tupleElement(each, 1), tupleElement(each, 2) FROM (SELECT arrayJoin(arrayZip({channels: Array(String)}, {versions: Array(String)})) AS each))
GROUP BY update_channel, update_version
ORDER BY update_channel, update_version
