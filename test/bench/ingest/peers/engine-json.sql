-- The Kafka engine of ClickHouse as its documentation shows it: JSONEachRow straight into columns, four consumers, errors
-- as a stream of their own. $brokers, $group and $topic are put in by the bench.
-- Unlike its default it flushes every second, not every 7.5 s: a run would end with a long wait.

CREATE TABLE queue
(
    event_id String,
    occurred_at DateTime64(3, 'UTC'),
    host_id String,
    org_id String,
    country String,
    os_build String,
    bugcheck_code String,
    bugcheck_parameters Array(String),
    driver String,
    driver_version String,
    update_channel String,
    update_version String,
    fault_offset Nullable(String),
    uptime_seconds Nullable(UInt64),
    recent_updates Array(Tuple(update_channel String, update_version String, applied_at DateTime64(3, 'UTC')))
)
ENGINE = Kafka
SETTINGS kafka_broker_list = '$brokers', kafka_topic_list = '$topic', kafka_group_name = '$group',
    kafka_format = 'JSONEachRow', kafka_num_consumers = 4, kafka_thread_per_consumer = 1,
    kafka_handle_error_mode = 'stream', kafka_flush_interval_ms = 1000, date_time_input_format = 'best_effort';

CREATE FUNCTION IF NOT EXISTS bench_number AS (text) ->
    if(startsWith(text, '0x'), reinterpretAsUInt64(reverse(unhex(leftPad(substring(text, 3), 16, '0')))), toUInt64OrZero(text));

CREATE MATERIALIZED VIEW queue_to_dead_letters TO dead_letters AS
SELECT _topic AS source_topic, _partition AS source_partition, _offset AS source_offset,
    assumeNotNull(_timestamp_ms) AS source_timestamp, assumeNotNull(_timestamp_ms) AS received_at,
    'not_json' AS reason, _error AS detail, _key AS key, _raw_message AS payload
FROM queue WHERE _error != '';

CREATE MATERIALIZED VIEW queue_to_bugchecks TO bugchecks AS
SELECT event_id, occurred_at, assumeNotNull(_timestamp_ms) AS received_at, host_id, org_id, country, os_build,
    bench_number(bugcheck_code) AS bugcheck_code, arrayMap(text -> bench_number(text), bugcheck_parameters) AS bugcheck_parameters,
    lower(driver) AS driver, driver_version,
    if(startsWith(update_channel, 'driver:'), lower(update_channel), update_channel) AS update_channel, update_version,
    bench_number(fault_offset) AS fault_offset, uptime_seconds, recent_updates,
    _partition AS source_partition, _offset AS source_offset
FROM queue WHERE _error = '';
