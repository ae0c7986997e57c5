-- Removes changes of incidents that name an id from disk; the same changes without it have to stand there by then.
-- parameters  quoted  the id as JSON writes it; pattern  a regular expression for it as a word of a text
-- columns     none: it deletes
ALTER TABLE incidents DELETE
WHERE position(record, {quoted: String}) > 0 OR position(evidence, {quoted: String}) > 0
    OR position(suspect, {quoted: String}) > 0 OR position(other_suspects, {quoted: String}) > 0
    OR match(record, {pattern: String})
