-- The strongest set-up of the Kafka engine that we know: messages come in whole (RawBLOB), one call a row takes all fields
-- out into a table that keeps nothing, and two views on that one tell good from bad. $brokers, $group and $topic are put in
-- by the bench.

CREATE TABLE queue (raw String)
ENGINE = Kafka
SETTINGS kafka_broker_list = '$brokers', kafka_topic_list = '$topic', kafka_group_name = '$group',
    kafka_format = 'RawBLOB', kafka_num_consumers = 2, kafka_thread_per_consumer = 1,
    kafka_max_block_size = 131072, kafka_poll_max_batch_size = 131072, kafka_flush_interval_ms = 1000;

CREATE FUNCTION IF NOT EXISTS bench_number AS (text) ->
    if(startsWith(text, '0x'), reinterpretAsUInt64(reverse(unhex(leftPad(substring(text, 3), 16, '0')))), toUInt64OrZero(text));

CREATE TABLE parsed
(
    source_topic String,
    source_partition UInt32,
    source_offset UInt64,
    source_timestamp DateTime64(3, 'UTC'),
    key String,
    raw String,
    ok UInt8,
    event_id String,
    occurred_at Nullable(DateTime64(3, 'UTC')),
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
    recent_updates Array(Tuple(update_channel String, update_version String, applied_at String))
)
ENGINE = Null;

CREATE MATERIALIZED VIEW parsed_to_dead_letters TO dead_letters AS
SELECT source_topic, source_partition, source_offset, source_timestamp, source_timestamp AS received_at,
    'not_json' AS reason, key, raw AS payload
FROM parsed WHERE NOT ok;

CREATE MATERIALIZED VIEW parsed_to_bugchecks TO bugchecks AS
SELECT event_id, assumeNotNull(occurred_at) AS occurred_at, source_timestamp AS received_at, host_id, org_id, country, os_build,
    bench_number(bugcheck_code) AS bugcheck_code, arrayMap(text -> bench_number(text), bugcheck_parameters) AS bugcheck_parameters,
    lower(driver) AS driver, driver_version,
    if(startsWith(update_channel, 'driver:'), lower(update_channel), update_channel) AS update_channel, update_version,
    bench_number(fault_offset) AS fault_offset, uptime_seconds,
    arrayMap(each -> (each.1, each.2, parseDateTime64BestEffortOrZero(each.3, 3, 'UTC')), recent_updates) AS recent_updates,
    source_partition, source_offset
FROM parsed WHERE ok;

CREATE MATERIALIZED VIEW queue_to_parsed TO parsed AS
WITH
    JSONExtract(raw, 'Tuple(event_id String, occurred_at String, host_id String, org_id String, country String, os_build String,
        bugcheck_code String, bugcheck_parameters Array(String), driver String, driver_version String, update_channel String,
        update_version String, fault_offset Nullable(String), uptime_seconds Nullable(UInt64),
        recent_updates Array(Tuple(update_channel String, update_version String, applied_at String)))') AS event,
    parseDateTime64BestEffortOrNull(event.occurred_at, 3, 'UTC') AS occurred
SELECT _topic AS source_topic, _partition AS source_partition, _offset AS source_offset,
    assumeNotNull(_timestamp_ms) AS source_timestamp, _key AS key, raw,
    event.event_id != '' AND isNotNull(occurred) AND event.host_id != '' AND event.org_id != '' AND length(event.country) = 2
        AND event.os_build != '' AND event.bugcheck_code != '' AND length(event.bugcheck_parameters) = 4
        AND event.driver != '' AS ok,
    event.event_id AS event_id, occurred AS occurred_at, event.host_id AS host_id, event.org_id AS org_id,
    event.country AS country, event.os_build AS os_build, event.bugcheck_code AS bugcheck_code,
    event.bugcheck_parameters AS bugcheck_parameters, event.driver AS driver, event.driver_version AS driver_version,
    event.update_channel AS update_channel, event.update_version AS update_version, event.fault_offset AS fault_offset,
    event.uptime_seconds AS uptime_seconds, event.recent_updates AS recent_updates
FROM queue;
