-- Which of these databases does the server lack?
-- parameters  databases  their names
-- columns     name       of one that is missing
SELECT arrayJoin({databases: Array(String)}) AS name WHERE name NOT IN (SELECT name FROM system.databases)
