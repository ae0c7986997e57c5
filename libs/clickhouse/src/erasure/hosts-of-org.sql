-- Which hosts has an org, by what is stored of them?
-- parameters  org_id
-- columns     host_id
SELECT DISTINCT host_id
FROM (
    SELECT host_id FROM hosts WHERE tupleElement(first, 3) = {org_id: String}
    UNION ALL
    SELECT host_id FROM bugchecks WHERE org_id = {org_id: String}
    UNION ALL
    SELECT host_id FROM installs WHERE org_id = {org_id: String}
    UNION ALL
    SELECT host_id FROM heartbeats WHERE org_id = {org_id: String}
)
ORDER BY host_id
