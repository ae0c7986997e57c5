import { ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClusterLayout } from './cluster/cluster-statements';

/** Where ClickHouse is and as whom to speak to it. */
export interface ClickHouseSettings {
  url: string;
  database: string;
  username: string;
  password: string;
  /** Name of the cluster in `remote_servers`, where there is one; nothing for a single server. */
  cluster?: string;
}

/**
 * What only a cluster needs. Nothing is acknowledged before every shard has it, and each part of a question sees all shards:
 * every shard asks for it anew. (`global`, which would ask once, fails on some of our questions: "Invalid local IN function".)
 */
const clusterSettings = { distributed_foreground_insert: 1, distributed_product_mode: 'allow' } as const;

const layouts = new WeakMap<ClickHouseClient, ClusterLayout>();

/** The cluster that a client of ours speaks to; undefined for a single server. */
export const layoutOf = (db: ClickHouseClient): ClusterLayout | undefined => layouts.get(db);

/** Whose questions ClickHouse answers first where they come at once: it lets the others wait a second at most. */
const precedences = { decisions: 1, pages: 2, background: 3 } as const;

/**
 * A client for our database. Inserts are synchronous (`async_insert` is on by default since 26.3) and answer only when the
 * rows and all that is derived from them are written. Without `precedence` it neither waits nor lets others wait. Idle sockets close before the server closes them (10 s there).
 */
export function connectClickHouse(
  { cluster, ...settings }: ClickHouseSettings,
  { timeoutMs = 20_000, precedence }: { timeoutMs?: number; precedence?: keyof typeof precedences } = {},
): ClickHouseClient {
  const db = createClient({
    ...withUserOfUrl(settings),
    request_timeout: timeoutMs,
    max_open_connections: 16,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500 },
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      async_insert: 0,
      ...(precedence ? { priority: String(precedences[precedence]) } : {}),
      wait_end_of_query: 1,
      max_partitions_per_insert_block: '0' as never,
      date_time_input_format: 'best_effort',
      output_format_json_quote_64bit_integers: 0,
      ...(cluster ? clusterSettings : {}),
    },
  });
  if (cluster) layouts.set(db, { cluster, database: settings.database, replicated: true });
  return db;
}

/** Who is named in the address is meant. Told twice, the client would warn of it on the console at each connection. */
function withUserOfUrl(settings: Omit<ClickHouseSettings, 'cluster'>): typeof settings {
  const url = new URL(settings.url);
  if (url.username === '' && url.password === '') return settings;
  const username = decodeURIComponent(url.username) || settings.username;
  const password = decodeURIComponent(url.password) || settings.password;
  url.username = url.password = '';
  return { ...settings, url: url.href, username, password };
}
