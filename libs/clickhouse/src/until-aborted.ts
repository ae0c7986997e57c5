import type { ClickHouseClient } from '@clickhouse/client';

/**
 * The same client, but a question that is under way when the signal comes is given up. Its connection is closed, and the server
 * ends a question whose client has gone where `cancel_http_readonly_queries_on_client_close` is set.
 */
export function untilAborted(db: ClickHouseClient, signal: AbortSignal): ClickHouseClient {
  const query: ClickHouseClient['query'] = (params) => db.query({ ...params, abort_signal: signal });
  return Object.create(db, { query: { value: query } }) as ClickHouseClient;
}
