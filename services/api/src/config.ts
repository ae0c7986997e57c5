import {
  ConfigError,
  clickhouseOf,
  clickhouseSettings,
  httpSettings,
  kafkaSettings,
  readConfig,
} from '@ringwatch/service-kit';
import { z } from 'zod';
import { isLoopback } from './guard-http';

/** Everything that can be set, with its default. */
const settings = {
  ...kafkaSettings,
  ...clickhouseSettings,
  ...httpSettings(8080),
  API_ACCESS: z
    .enum(['loopback', 'published-on-loopback', 'keys'])
    .default('loopback')
    .describe(
      'keys: nobody gets in without one. loopback: whoever is at this machine needs none, and HTTP_HOST has to be loopback. ' +
        'published-on-loopback: the same in a container whose port is published on 127.0.0.1 alone',
    ),
  API_SESSION_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      'seals the sessions of people who signed in; drawn at each start when not set, which ends them; or ..._FILE',
    ),
  API_REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(6_000)
    .describe('requests that one key, or one address without a key, may make in a minute'),
  API_QUERY_TIMEOUT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(15)
    .default(10)
    .describe('how long ClickHouse may work on one request before it is cancelled'),
  API_QUERY_MAX_ROWS: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_000_000_000)
    .describe('rows that ClickHouse may read for one question; what would take more is refused'),
  API_QUERY_MAX_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(64)
    .default(2_048)
    .describe('memory that ClickHouse may take for one question, in MiB'),
  API_VERDICT_MIN_HOSTS: z.coerce
    .number()
    .int()
    .min(1)
    .default(100)
    .describe('hosts that must have applied an update before its verdict can be `go`'),
};

export type ApiConfig = ReturnType<typeof readApiConfig>;

/** @throws ConfigError also where the api could be reached from elsewhere and would ask nobody for a key. */
export function readApiConfig(env: Record<string, string | undefined>) {
  const config = readConfig(settings, env);
  if (config.API_ACCESS !== 'loopback' || isLoopback(config.HTTP_HOST)) return config;
  throw new ConfigError(
    `wrong settings: HTTP_HOST=${config.HTTP_HOST} can be reached from other machines, and API_ACCESS=loopback asks nobody for a key.\n` +
      '  Set API_ACCESS=keys, and make a key with: ringwatch keys create --name NAME --scope read,triage\n' +
      '  or API_ACCESS=published-on-loopback, where this is a container whose port is published on 127.0.0.1 alone.',
  );
}

/**
 * Where and how to ask: nothing can be written, a query ends on the server after its time, its rows or its memory, and when we
 * hang up (because whoever asked did, or after 20 s without an answer). The client takes these settings from the address.
 */
export function storeSettings(config: ApiConfig) {
  const url = new URL(config.CLICKHOUSE_URL);
  url.searchParams.set('ch_max_execution_time', String(config.API_QUERY_TIMEOUT_SECONDS));
  url.searchParams.set('ch_cancel_http_readonly_queries_on_client_close', '1');
  url.searchParams.set('ch_max_rows_to_read', String(config.API_QUERY_MAX_ROWS));
  url.searchParams.set('ch_max_memory_usage', String(config.API_QUERY_MAX_MEMORY_MB * 1024 * 1024));
  url.searchParams.set('ch_readonly', '2');
  return {
    ...clickhouseOf(config),
    url: url.toString(),
  };
}
