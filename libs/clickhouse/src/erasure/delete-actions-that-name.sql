-- Removes actions whose words name an id from disk; the same actions without it have to stand there by then.
-- parameters  pattern  a regular expression for the id as a word
-- columns     none: it deletes
ALTER TABLE incident_actions DELETE WHERE match(text, {pattern: String})
