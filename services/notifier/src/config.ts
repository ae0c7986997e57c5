import { readFileSync } from 'node:fs';
import { routingOf, routingSettings, type Routing } from '@ringwatch/routing';
import { clickhouseSettings, ConfigError, httpSettings, kafkaSettings, readConfig } from '@ringwatch/service-kit';
import { z } from 'zod';

const HOUR_MS = 3_600_000;
const unitMs = { s: 1_000, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS } as const;

/** A length of time such as `90m`, as milliseconds. */
function duration(usual: string) {
  return z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'wanted a number and a unit, such as 90m, 24h or 7d')
    .default(usual)
    .transform((text) => Number(text.slice(0, -1)) * unitMs[text.slice(-1) as keyof typeof unitMs]);
}

/** Everything that can be set, with its default. Each `NAME` can also be given by a file, as `NAME_FILE`. */
const settings = {
  ...kafkaSettings,
  ...clickhouseSettings,
  ...httpSettings(8083),
  ...routingSettings,
  NOTIFIER_DASHBOARD_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .transform((url) => url?.replace(/\/+$/, ''))
    .describe('where people open the dashboard; messages then link to the incident and the update'),
  NOTIFIER_MAX_AGE: duration('24h').describe(
    'changes that have waited in Kafka for longer are recorded as expired and sent to nobody',
  ),
  NOTIFIER_STALE_AFTER: z
    .union([z.literal('off').transform(() => undefined), duration('2m')])
    .describe('within so much time after arrival time or decisions began to stand the routes are told; or off'),
  INGEST_GROUP_ID: z
    .string()
    .min(1)
    .default('ringwatch-ingest')
    .describe('consumer group of ingest: what waits for it is part of what the watchdog says'),
};

export type NotifierConfig = ReturnType<typeof readNotifierConfig>;

export const readNotifierConfig = (env: Record<string, string | undefined>) => readConfig(settings, env);

/** Who is told of what. @throws ConfigError that names every problem, without an address or a secret */
export function readNotifierRouting(
  config: NotifierConfig,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Routing {
  const reading = routingOf(config, readFile);
  if (reading.kind === 'read') return reading.routing;
  throw new ConfigError(`wrong receivers or routes:\n${reading.problems.map((each) => `  ${each}`).join('\n')}`);
}
