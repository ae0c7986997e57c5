-- How many rows of a table name an id in a column, as a word of its own?
-- parameters  table, column; pattern  a regular expression for the id
-- columns     rows
SELECT count() AS rows FROM {table: Identifier} WHERE match(toString({column: Identifier}), {pattern: String})
