import { readFileSync } from 'node:fs';
import { type RoutingReading, readRouting, routingOf, routingSettings } from '@ringwatch/routing';
import { ConfigError, readConfig } from '@ringwatch/service-kit';
import { type Answer, type Receiver, definitionOf, send, toRequest } from '@ringwatch/webhook';
import type { Environment, ExitCode } from './cli';
import { madeUpIncident } from './made-up-incident';
import { type Output, UsageError, table } from './output';

/** Whom to test, and with what settings. */
export interface TestWish {
  name: string | undefined;
  config: string | undefined;
  json: boolean;
  env: Environment;
  output: Output;
}

interface Result {
  receiver: string;
  kind: string;
  outcome: Answer['kind'];
  status: number | null;
  ms: number;
  detail: string;
}

/** Sends a message that says it is a test to one receiver or to all, as the notifier would, and prints what they answer. */
export async function testReceivers({ name, config, json, env, output }: TestWish): Promise<ExitCode> {
  const settings = readConfig(routingSettings, env);
  const policy = { allowedHosts: settings.NOTIFIER_ALLOW_PRIVATE_TARGETS };
  const receivers = receiversIn(
    config === undefined
      ? routingOf(settings, readText)
      : readRouting(readGiven(config), { readFile: readText, policy }),
  );
  const wanted = receivers.filter((receiver) => name === undefined || receiver.name === name);
  if (wanted.length === 0) {
    const names = receivers.map((receiver) => receiver.name).join(', ');
    throw new UsageError(
      name === undefined
        ? 'wanted receivers in --config FILE or in the settings of the notifier, got none'
        : `wanted one of ${names === '' ? 'no receivers at all' : names}, got "${name}"`,
    );
  }
  const results = await Promise.all(wanted.map((receiver) => testOne(receiver, policy)));
  if (json) output.out(`${JSON.stringify(results, null, 2)}\n`);
  else
    output.out(
      table(
        ['receiver', 'kind', 'outcome', 'status', 'ms', 'detail'],
        results.map(({ receiver, kind, outcome, status, ms, detail }) => [
          receiver,
          kind,
          outcome,
          status === null ? '-' : String(status),
          ms,
          detail,
        ]),
      ),
    );
  return results.every(({ outcome }) => outcome === 'delivered') ? 0 : 1;
}

/** One attempt. Where an alert stands until it is ended, it is ended. */
async function testOne(receiver: Receiver, policy: Parameters<typeof send>[1]['policy']): Promise<Result> {
  const startedAt = performance.now();
  const opened = madeUpIncident(new Date());
  const remarks = ['THIS IS A TEST by "ringwatch notify test": nothing has happened.'];
  const tell = (change: typeof opened, earlier?: string) =>
    send(toRequest(receiver, change, { at: new Date(), earlier, remarks, isTest: true }), { policy });
  const answer = await tell(opened);
  const ms = Math.round(performance.now() - startedAt);
  if (answer.kind === 'delivered' && definitionOf(receiver.kind).audience !== 'chat') {
    const resolvedAt = new Date().toISOString();
    const over = { state: 'resolved', change: 'resolved', sequence: 2, resolved_at: resolvedAt } as const;
    await tell({ ...opened, ...over }, answer.messageId);
  }
  const { kind: outcome, status, detail } = answer;
  return { receiver: receiver.name, kind: receiver.kind, outcome, status, ms, detail };
}

function receiversIn(reading: RoutingReading): Receiver[] {
  if (reading.kind === 'read') return reading.routing.receivers.map(({ receiver }) => receiver);
  throw new ConfigError(`wrong receivers or routes:\n${reading.problems.map((each) => `  ${each}`).join('\n')}`);
}

const readText = (path: string) => readFileSync(path, 'utf8');

function readGiven(path: string): string {
  try {
    return readText(path);
  } catch {
    throw new UsageError(`--config: wanted a file that can be read, got "${path}"`);
  }
}
