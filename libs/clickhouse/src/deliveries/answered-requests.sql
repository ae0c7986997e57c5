-- answered-requests.sql: which of these requests were carried out?
-- parameters  request_ids
-- columns     request_id   one that a row answers which is no mere failed attempt
SELECT DISTINCT request_id
FROM deliveries
WHERE request_id IN {request_ids: Array(String)} AND outcome != 'retry'
