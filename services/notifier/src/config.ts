import { clickhouseSettings, httpSettings, kafkaSettings, readConfig } from '@ringwatch/service-kit';
import { z } from 'zod';

const HOUR_MS = 3_600_000;
const unitMs = { s: 1_000, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS } as const;

/** Everything that can be set, with its default. Each `NAME` can also be given by a file, as `NAME_FILE`. */
const settings = {
  ...kafkaSettings,
  ...clickhouseSettings,
  ...httpSettings(8083),
  NOTIFIER_RECEIVERS: z
    .string()
    .optional()
    .describe('the receivers as a JSON list, see the README; usually given as NOTIFIER_RECEIVERS_FILE'),
  NOTIFIER_SLACK_URL: z.string().optional().describe('address of one Slack incoming webhook: the receiver "slack"'),
  NOTIFIER_WEBHOOK_URL: z.string().optional().describe('address of one generic webhook: the receiver "webhook"'),
  NOTIFIER_WEBHOOK_SECRET: z
    .string()
    .optional()
    .describe('what its requests are signed with, whsec_...; several with spaces between while they are changed'),
  NOTIFIER_ALLOW_PRIVATE_TARGETS: z
    .string()
    .default('')
    .transform((list) => words(list))
    .describe('names or addresses, separated by commas, that may be private and may be reached over plain http'),
  NOTIFIER_DASHBOARD_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .transform((url) => url?.replace(/\/+$/, ''))
    .describe('where people open the dashboard; messages then link to the incident and the update'),
  NOTIFIER_MAX_AGE: z
    .string()
    .regex(/^[1-9]\d{0,5}[smhd]$/, 'wanted a number and a unit, such as 90m, 24h or 7d')
    .default('24h')
    .transform((text) => Number(text.slice(0, -1)) * unitMs[text.slice(-1) as keyof typeof unitMs])
    .describe('changes that have waited in Kafka for longer are recorded as expired and sent to nobody'),
};

export type NotifierConfig = ReturnType<typeof readNotifierConfig>;

export const readNotifierConfig = (env: Record<string, string | undefined>) => readConfig(settings, env);

/** The words of a list that are separated by commas or spaces. */
export function words(list: string): string[] {
  return list.split(/[\s,]+/).filter((word) => word !== '');
}
