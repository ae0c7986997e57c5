-- Removes the dead letters that name an id from disk: by key, by what their JSON says, or by its quoted form in bytes that are no JSON.
-- parameters  id; field  host_id or org_id; quoted  the id as JSON writes it
-- columns     none: it deletes
ALTER TABLE dead_letters DELETE
WHERE (key = {id: String} AND {field: String} = 'host_id')
    OR JSONExtractString(payload, {field: String}) = {id: String}
    OR position(payload, {quoted: String}) > 0
    OR position(detail, {quoted: String}) > 0
