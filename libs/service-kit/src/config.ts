import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A setting was missing or wrong. The message lists every problem at once; it never shows a value, which may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads a service's settings from the environment, once. Empty values count as not set; `NAME_FILE` gives the value of
 * `NAME` by a file, for secrets. @throws ConfigError that names every setting with what was wanted.
 */
export function readConfig<Shape extends z.ZodRawShape>(
  shape: Shape,
  env: Record<string, string | undefined>,
): Readonly<z.infer<z.ZodObject<Shape>>> {
  const given = Object.fromEntries(Object.keys(shape).map((name) => [name, settingOf(name, env)]));
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return Object.freeze(parsed.data);
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`wrong settings (set them in the environment, see .env.example):\n${problems.join('\n')}`);
}

function settingOf(name: string, env: Record<string, string | undefined>): string | undefined {
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return env[name] === '' ? undefined : env[name];
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (cause) {
    throw new ConfigError(`wrong settings: ${name}_FILE names a file that cannot be read: ${file}`, { cause });
  }
}

/** Where Kafka is. */
export const kafkaSettings = {
  KAFKA_BROKERS: z
    .string()
    .default('127.0.0.1:9092')
    .transform((list) => list.split(',').map((broker) => broker.trim()))
    .describe('Kafka bootstrap servers, host:port, separated by commas'),
};

/** Where ClickHouse is and as whom to speak to it. */
export const clickhouseSettings = {
  CLICKHOUSE_URL: z.url().default('http://127.0.0.1:8123').describe('HTTP address of ClickHouse'),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .default('ringwatch')
    .describe('database that holds all tables'),
  CLICKHOUSE_USER: z.string().default('default').describe('ClickHouse user'),
  CLICKHOUSE_PASSWORD: z.string().default('').describe('its password; or CLICKHOUSE_PASSWORD_FILE'),
  CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional()
    .describe('name of a cluster in `remote_servers`: tables are then spread over its shards and replicated'),
};

/** The settings above as the ClickHouse client takes them. */
export function clickhouseOf(config: {
  CLICKHOUSE_URL: string;
  CLICKHOUSE_DATABASE: string;
  CLICKHOUSE_USER: string;
  CLICKHOUSE_PASSWORD: string;
  CLICKHOUSE_CLUSTER?: string | undefined;
}) {
  return {
    url: config.CLICKHOUSE_URL,
    database: config.CLICKHOUSE_DATABASE,
    username: config.CLICKHOUSE_USER,
    password: config.CLICKHOUSE_PASSWORD,
    ...(config.CLICKHOUSE_CLUSTER ? { cluster: config.CLICKHOUSE_CLUSTER } : {}),
  };
}

/** Where the service answers /healthz, /readyz and /metrics. Only loopback unless told otherwise. */
export const httpSettings = (port: number) => ({
  HTTP_HOST: z.string().default('127.0.0.1').describe('address to listen on; 0.0.0.0 inside a container'),
  HTTP_PORT: z.coerce.number().int().min(0).max(65535).default(port).describe('port to listen on; 0 takes a free one'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug']).default('info').describe('least level that is logged'),
});
