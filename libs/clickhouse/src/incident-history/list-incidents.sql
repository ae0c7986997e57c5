-- list-incidents.sql: what is the latest state of each incident?
-- Sorted by the tick that first opened it, which no later change moves: a page that was read stays as it was.
-- parameters  states, severities, channels, ids   only incidents whose latest change has one of these values; empty means any
--             orgs                           only incidents that concern these organisations, by their hosts; empty means any
--             opened_until_ms                where the last page ended: incidents opened then or before, and then
--             after_id                       only what sorts behind this incident; empty on the first page
--             max_rows                       most rows to answer
-- columns     opened_ms   the tick that opened it first, arrival time
--             record      its latest change, as on the topic `incidents`
SELECT
    incident_id,
    toUnixTimestamp64Milli(argMin(opened_at, sequence)) AS opened_ms,
    argMax(record, sequence) AS record
FROM incidents FINAL
GROUP BY incident_id
HAVING (empty({states: Array(String)}) OR argMax(state, sequence) IN {states: Array(String)})
    AND (empty({severities: Array(String)}) OR argMax(severity, sequence) IN {severities: Array(String)})
    AND (empty({channels: Array(String)}) OR argMax(update_channel, sequence) IN {channels: Array(String)})
    AND (empty({ids: Array(String)}) OR incident_id IN {ids: Array(String)})
    AND (empty({orgs: Array(String)})
        OR hasAny(arrayMap(each -> JSONExtractString(each, 'value'), JSONExtractArrayRaw(argMax(evidence, sequence), 'orgs')), {orgs: Array(String)})
        OR (argMax(scope, sequence) != 'single_org' AND (toString(argMax(update_channel, sequence)), argMax(update_version, sequence)) IN (
            SELECT toString(update_channel), toString(update_version) FROM applied_updates
            WHERE notEmpty({orgs: Array(String)}) AND host_id IN (
                SELECT host_id FROM hosts WHERE notEmpty({orgs: Array(String)}) GROUP BY host_id HAVING tupleElement(min(hosts.first), 3) IN {orgs: Array(String)}))))
    AND (-opened_ms, incident_id) > (-{opened_until_ms: Int64}, {after_id: String})
ORDER BY opened_ms DESC, incident_id
LIMIT {max_rows: UInt32}
