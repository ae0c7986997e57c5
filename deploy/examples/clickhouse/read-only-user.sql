-- A user of its own for the api, on a ClickHouse server that knows users made by SQL: it may read, add to the table of what people did, and
-- nothing else; what it asks is bounded by the server too, whatever the api asks for. Then start the api with CLICKHOUSE_USER=ringwatch_api.
CREATE SETTINGS PROFILE IF NOT EXISTS ringwatch_api SETTINGS
    max_execution_time = 15 MAX 15,
    max_rows_to_read = 1000000000 MAX 10000000000,
    max_memory_usage = 2147483648 MAX 4294967296,
    max_concurrent_queries_for_user = 32;

CREATE QUOTA IF NOT EXISTS ringwatch_api FOR INTERVAL 1 minute MAX queries = 20000, execution_time = 600;

CREATE USER IF NOT EXISTS ringwatch_api IDENTIFIED WITH sha256_password BY 'change me' SETTINGS PROFILE ringwatch_api;

ALTER QUOTA ringwatch_api TO ringwatch_api;

GRANT SELECT ON ringwatch.* TO ringwatch_api;

GRANT SELECT ON system.tables TO ringwatch_api;

GRANT INSERT ON ringwatch.api_audit TO ringwatch_api;
