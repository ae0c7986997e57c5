import { ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';

/** Where ClickHouse is and as whom to speak to it. */
export interface ClickHouseSettings {
  url: string;
  database: string;
  username: string;
  password: string;
}

/**
 * A client for our database. Inserts are synchronous (`async_insert` is on by default since 26.3) and answer only when the
 * rows and all that is derived from them are written. Idle sockets close before the server closes them (10 s there).
 */
export function connectClickHouse(settings: ClickHouseSettings, { timeoutMs = 20_000 } = {}): ClickHouseClient {
  return createClient({
    ...settings,
    request_timeout: timeoutMs,
    max_open_connections: 16,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500 },
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      async_insert: 0,
      wait_end_of_query: 1,
      max_partitions_per_insert_block: '0' as never,
      date_time_input_format: 'best_effort',
      output_format_json_quote_64bit_integers: 0,
    },
  });
}
