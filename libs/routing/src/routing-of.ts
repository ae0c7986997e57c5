import { z } from 'zod';
import { judgeRouting, placeInData, readRouting, type RoutingReading } from './read-routing';
import type { Routing } from './routing';

/** The settings that say who is told, of whoever has to do with it. */
export const routingSettings = {
  NOTIFIER_CONFIG: z
    .string()
    .optional()
    .describe('receivers and routes, YAML or JSON, see libs/routing; usually given as NOTIFIER_CONFIG_FILE'),
  NOTIFIER_RECEIVERS: z
    .string()
    .optional()
    .describe('receivers alone, as a JSON list; usually given as NOTIFIER_RECEIVERS_FILE'),
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
};

export type RoutingSettings = z.output<z.ZodObject<typeof routingSettings>>;

/** Nobody is told of anything. */
const nobody: Routing = { receivers: [], routes: [], fallback: undefined };

/**
 * Who is told of what: by the routing file, or by the settings that name receivers alone, who then all hear of everything.
 * `readFile` reads what `url_file` and its kind name.
 */
export function routingOf(settings: RoutingSettings, readFile: (path: string) => string): RoutingReading {
  const { NOTIFIER_CONFIG: file, NOTIFIER_RECEIVERS: list, NOTIFIER_ALLOW_PRIVATE_TARGETS: allowedHosts } = settings;
  const options = { readFile, policy: { allowedHosts } };
  const simple = simpleEntries(settings);
  if (settings.NOTIFIER_WEBHOOK_URL === undefined && settings.NOTIFIER_WEBHOOK_SECRET !== undefined)
    return refused('NOTIFIER_WEBHOOK_URL: wanted with NOTIFIER_WEBHOOK_SECRET, got nothing');
  if (file !== undefined) {
    if (list === undefined && simple.length === 0) return readRouting(file, options);
    return refused(
      'NOTIFIER_CONFIG: wanted all receivers in it, got some in NOTIFIER_RECEIVERS, NOTIFIER_SLACK_URL or NOTIFIER_WEBHOOK_URL too; move them into its list',
    );
  }
  const given = list === undefined ? [] : listed(list);
  if (!Array.isArray(given)) return given;
  const entries = [...simple, ...given];
  if (entries.length === 0) return { kind: 'read', routing: nobody };
  const placeOf = (path: readonly PropertyKey[]) => {
    const [, index, ...rest] = path;
    const setting = typeof index === 'number' && index < simple.length ? simple[index]!.setting : undefined;
    if (setting !== undefined) return [setting, ...rest].join('.');
    return placeInData(typeof index === 'number' ? ['receivers', index - simple.length, ...rest] : path);
  };
  const receivers = entries.map((each) => (isSimple(each) ? each.entry : each));
  return judgeRouting({ receivers }, placeOf, options);
}

interface SimpleEntry {
  setting: string;
  entry: Record<string, unknown>;
}

function isSimple(entry: unknown): entry is SimpleEntry {
  return typeof entry === 'object' && entry !== null && 'setting' in entry;
}

/** The one Slack and the one generic webhook that can be set without a list. */
function simpleEntries(settings: RoutingSettings): SimpleEntry[] {
  const { NOTIFIER_SLACK_URL: slack, NOTIFIER_WEBHOOK_URL: webhook, NOTIFIER_WEBHOOK_SECRET: secret } = settings;
  const secrets = words(secret ?? '');
  return [
    ...(slack === undefined
      ? []
      : [{ setting: 'NOTIFIER_SLACK_URL', entry: { kind: 'slack', name: 'slack', url: slack } }]),
    ...(webhook === undefined
      ? []
      : [{ setting: 'NOTIFIER_WEBHOOK_SECRET', entry: { kind: 'webhook', name: 'webhook', url: webhook, secrets } }]),
  ];
}

function listed(text: string): unknown[] | RoutingReading {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return refused('NOTIFIER_RECEIVERS: wanted a JSON list, got something that is not JSON');
  }
  if (Array.isArray(list)) return list;
  return refused(`receivers: wanted array, got ${list === null ? 'null' : typeof list}`);
}

function refused(problem: string): RoutingReading {
  return { kind: 'refused', problems: [problem] };
}

/** The words of a list that are separated by commas or spaces. */
function words(list: string): string[] {
  return list.split(/[\s,]+/).filter((word) => word !== '');
}
