import { readFileSync } from 'node:fs';
import type { Severity } from '@ringwatch/incident';
import { ConfigError } from '@ringwatch/service-kit';
import { problemWithSecret, problemWithTarget, type Receiver } from '@ringwatch/webhook';
import { z } from 'zod';
import { words, type NotifierConfig } from './config';

/** A receiver and what it is to hear of. */
export interface Route {
  receiver: Receiver;
  /** The least severity that it hears of from the start; see `isWanted`. */
  minSeverity: Severity;
}

/** The settings that say who is told. */
export type RouteConfig = Pick<
  NotifierConfig,
  | 'NOTIFIER_RECEIVERS'
  | 'NOTIFIER_SLACK_URL'
  | 'NOTIFIER_WEBHOOK_URL'
  | 'NOTIFIER_WEBHOOK_SECRET'
  | 'NOTIFIER_ALLOW_PRIVATE_TARGETS'
>;

type ReadFile = (path: string) => string;
type Problems = string[];

const common = {
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
    error: 'wanted 1 to 40 of a-z, 0-9 and -, the first not a -, got something else',
  }),
  url: z.string().optional(),
  url_file: z.string().optional(),
  min_severity: z.enum(['sev1', 'sev2', 'sev3']).default('sev3'),
};

/** One entry of the list. What it says of addresses and secrets is checked after files are read. */
const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('slack') }),
  z.strictObject({
    ...common,
    kind: z.literal('webhook'),
    secrets: z.array(z.string()).optional(),
    secret_file: z.string().optional(),
  }),
]);
type Entry = z.infer<typeof entrySchema>;

/**
 * Everyone who is to be told. @throws ConfigError that names every problem by its place, what was wanted and what was
 * found, without showing an address or a secret.
 */
export function readRoutes(config: RouteConfig, readFile: ReadFile = (path) => readFileSync(path, 'utf8')): Route[] {
  const problems: Problems = [];
  const policy = { allowedHosts: config.NOTIFIER_ALLOW_PRIVATE_TARGETS };
  const entries = [...simpleEntries(config, problems), ...listedEntries(config.NOTIFIER_RECEIVERS, problems)];
  const routes = entries.flatMap(({ place, entry }) => toRoute({ place, entry, readFile, problems }));
  const names = routes.map(({ receiver }) => receiver.name);
  for (const name of new Set(names.filter((each, i) => names.indexOf(each) !== i)))
    problems.push(`receivers: wanted each name once, got "${name}" twice`);
  for (const [i, { receiver }] of routes.entries()) {
    const problem = problemWithTarget(receiver.url, policy);
    if (problem !== undefined) problems.push(`receiver "${names[i]}", url: ${problem}`);
  }
  if (problems.length > 0) throw new ConfigError(`wrong receivers:\n${problems.map((each) => `  ${each}`).join('\n')}`);
  return routes;
}

interface PlacedEntry {
  place: string;
  entry: Entry;
}

/** The one Slack and the one generic webhook that can be set without a list. */
function simpleEntries(config: RouteConfig, problems: Problems): PlacedEntry[] {
  const { NOTIFIER_SLACK_URL: slack, NOTIFIER_WEBHOOK_URL: webhook, NOTIFIER_WEBHOOK_SECRET: secret } = config;
  if (webhook === undefined && secret !== undefined)
    problems.push('NOTIFIER_WEBHOOK_URL: wanted with NOTIFIER_WEBHOOK_SECRET, got nothing');
  const min_severity = 'sev3' as const;
  return [
    ...(slack === undefined
      ? []
      : [{ place: 'NOTIFIER_SLACK_URL', entry: { kind: 'slack' as const, name: 'slack', url: slack, min_severity } }]),
    ...(webhook === undefined
      ? []
      : [
          {
            place: 'NOTIFIER_WEBHOOK_SECRET',
            entry: {
              kind: 'webhook' as const,
              name: 'webhook',
              url: webhook,
              secrets: words(secret ?? ''),
              min_severity,
            },
          },
        ]),
  ];
}

function listedEntries(text: string | undefined, problems: Problems): PlacedEntry[] {
  if (text === undefined) return [];
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    problems.push('NOTIFIER_RECEIVERS: wanted a JSON list, got something that is not JSON');
    return [];
  }
  const parsed = z.array(entrySchema).safeParse(list, { error: wantedAndGot });
  if (parsed.success) return parsed.data.map((entry, i) => ({ place: `receivers[${i}]`, entry }));
  problems.push(...parsed.error.issues.map(({ path, message }) => `receivers${placeOf(path)}: ${message}`));
  return [];
}

function toRoute(from: PlacedEntry & { readFile: ReadFile; problems: Problems }): Route[] {
  const { place, entry, problems } = from;
  const url = oneOf(entry.url, entry.url_file, { ...from, setting: 'url' })?.trim();
  const minSeverity = entry.min_severity;
  if (entry.kind === 'slack')
    return url === undefined ? [] : [{ receiver: { kind: 'slack', name: entry.name, url }, minSeverity }];
  const secrets = words(oneOf(entry.secrets?.join(' '), entry.secret_file, { ...from, setting: 'secret' }) ?? '');
  const wrong = secrets.flatMap((secret) => problemWithSecret(secret) ?? []);
  problems.push(...wrong.map((problem) => `${place}, secret: ${problem}`));
  if (entry.secrets !== undefined && secrets.length === 0)
    problems.push(`${place}, secret: wanted at least one, got none`);
  return url === undefined ? [] : [{ receiver: { kind: 'webhook', name: entry.name, url, secrets }, minSeverity }];
}

/** A value that is given as it is or by a file. */
function oneOf(
  value: string | undefined,
  file: string | undefined,
  { place, setting, readFile, problems }: { place: string; setting: string; readFile: ReadFile; problems: Problems },
): string | undefined {
  if ((value === undefined) === (file === undefined)) {
    problems.push(
      `${place}, ${setting}: wanted it either here or by ${setting}_file, got ${value === undefined ? 'neither' : 'both'}`,
    );
    return undefined;
  }
  if (file === undefined) return value;
  try {
    return readFile(file);
  } catch {
    problems.push(`${place}.${setting}_file: wanted a file that can be read, got "${file}"`);
    return undefined;
  }
}

/** Zod's issues in our words; a value itself is never shown. */
function wantedAndGot(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `wanted ${issue.expected}, got ${issue.input === undefined ? 'nothing' : typeof issue.input}`;
    case 'invalid_value':
      return `wanted ${issue.values.map((value) => `"${String(value)}"`).join(' or ')}, got something else`;
    case 'invalid_union':
      return 'wanted "slack" or "webhook", got something else';
    case 'unrecognized_keys':
      return `wanted only known fields, got ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
    default:
      return 'wanted something else';
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
}
