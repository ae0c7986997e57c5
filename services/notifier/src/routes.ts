import { readFileSync } from 'node:fs';
import type { Severity } from '@ringwatch/incident';
import { ConfigError } from '@ringwatch/service-kit';
import { problemWithTarget, readReceiver, type Receiver } from '@ringwatch/webhook';
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

/** What an entry of the list says beside the receiver itself. */
const routeFields = { min_severity: z.enum(['sev1', 'sev2', 'sev3']).default('sev3') };

/**
 * Everyone who is to be told. @throws ConfigError that names every problem by its place, what was wanted and what was
 * found, without showing an address or a secret.
 */
export function readRoutes(config: RouteConfig, readFile: ReadFile = (path) => readFileSync(path, 'utf8')): Route[] {
  const problems: Problems = [];
  const policy = { allowedHosts: config.NOTIFIER_ALLOW_PRIVATE_TARGETS };
  const entries = [...simpleEntries(config, problems), ...listedEntries(config.NOTIFIER_RECEIVERS, problems)];
  const routes = entries.flatMap((each) => toRoute(each, readFile, problems));
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
  entry: unknown;
}

/** The one Slack and the one generic webhook that can be set without a list. */
function simpleEntries(config: RouteConfig, problems: Problems): PlacedEntry[] {
  const { NOTIFIER_SLACK_URL: slack, NOTIFIER_WEBHOOK_URL: webhook, NOTIFIER_WEBHOOK_SECRET: secret } = config;
  if (webhook === undefined && secret !== undefined)
    problems.push('NOTIFIER_WEBHOOK_URL: wanted with NOTIFIER_WEBHOOK_SECRET, got nothing');
  const entries: PlacedEntry[] = [];
  if (slack !== undefined)
    entries.push({ place: 'NOTIFIER_SLACK_URL', entry: { kind: 'slack', name: 'slack', url: slack } });
  if (webhook !== undefined) {
    const secrets = words(secret ?? '');
    entries.push({
      place: 'NOTIFIER_WEBHOOK_SECRET',
      entry: { kind: 'webhook', name: 'webhook', url: webhook, secrets },
    });
  }
  return entries;
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
  if (Array.isArray(list)) return list.map((entry: unknown, i) => ({ place: `receivers[${i}]`, entry }));
  problems.push(`receivers: wanted array, got ${typeof list}`);
  return [];
}

function toRoute({ place, entry }: PlacedEntry, readFile: ReadFile, problems: Problems): Route[] {
  const reading = readReceiver(entry, { place, readFile, also: routeFields });
  if (reading.kind === 'read') return [{ receiver: reading.receiver, minSeverity: reading.also.min_severity }];
  problems.push(...reading.problems);
  return [];
}
