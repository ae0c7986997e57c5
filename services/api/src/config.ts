import { clickhouseOf, clickhouseSettings, httpSettings, readConfig } from '@ringwatch/service-kit';
import { z } from 'zod';

/** Everything that can be set, with its default. */
const settings = {
  ...clickhouseSettings,
  ...httpSettings(8080),
  API_QUERY_TIMEOUT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(15)
    .default(10)
    .describe('how long ClickHouse may work on one request before it is cancelled'),
  API_VERDICT_MIN_HOSTS: z.coerce
    .number()
    .int()
    .min(1)
    .default(100)
    .describe('hosts that must have applied an update before its verdict can be `go`'),
};

export type ApiConfig = ReturnType<typeof readApiConfig>;

export const readApiConfig = (env: Record<string, string | undefined>) => readConfig(settings, env);

/**
 * Where and how to ask: nothing can be written, a query ends on the server after its time, and it also ends there when we
 * hang up (after 20 s without an answer). The client takes these settings from the address.
 */
export function storeSettings(config: ApiConfig) {
  const url = new URL(config.CLICKHOUSE_URL);
  url.searchParams.set('ch_max_execution_time', String(config.API_QUERY_TIMEOUT_SECONDS));
  url.searchParams.set('ch_cancel_http_readonly_queries_on_client_close', '1');
  url.searchParams.set('ch_readonly', '2');
  return {
    ...clickhouseOf(config),
    url: url.toString(),
  };
}
