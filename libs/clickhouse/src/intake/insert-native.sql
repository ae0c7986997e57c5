-- insert-native.sql: takes one block in Native format, which names its columns; what it does not name gets its default
-- columns     none
-- parameters  table  of one input
INSERT INTO {table:Identifier} FORMAT Native
