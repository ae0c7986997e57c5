import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { incidentChanges, type ListedDelivery, listDeliveries } from '@ringwatch/clickhouse';
import { createTopics } from '@ringwatch/kafka';
import { type NotifierRequest, requestRecord } from '@ringwatch/routing';
import { readCount, readTime } from './arguments';
import type { CommandReader, Environment, ExitCode, Task } from './cli';
import type { Connections } from './connections';
import { testReceivers } from './notify-test';
import { type Output, UsageError, table } from './output';

const FAILED = ['gave_up', 'rejected', 'gone', 'expired'];
const USUAL_ROWS = 50;

/** How long a request is waited for: an attempt may take 15 s, and one that is on its way comes first. */
const ANSWER_WITHIN_MS = 40_000;
const LOOK_EVERY_MS = 200;

const options = {
  incident: { type: 'string' },
  receiver: { type: 'string' },
  sequence: { type: 'string' },
  since: { type: 'string' },
  limit: { type: 'string' },
  config: { type: 'string' },
  failed: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parse>['values'];

/** `ringwatch notify test`, `deliveries`, `resend` and `resume`. */
export const notifyCommand: CommandReader = (args, now, env) => {
  const { values, positionals } = parse(args);
  const [action, name, ...rest] = positionals;
  const read = action === undefined ? undefined : actions[action];
  if (!read || rest.length > 0)
    throw new UsageError(`wanted one of ${Object.keys(actions).join(', ')}, got "${positionals.join(' ')}"`);
  return read(values, name, { now, env });
};

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], allowPositionals: true, options });
}

type ActionReader = (values: Values, name: string | undefined, at: { now: number; env: Environment }) => Task;

const actions: Record<string, ActionReader> = {
  test: ({ config, json, ...others }, name, { env }) => {
    takesNoOther('test', others);
    return { kind: 'alone', run: (output: Output) => testReceivers({ name, config, json, env, output }) };
  },

  deliveries: ({ incident, receiver, failed, since, limit, json, ...others }, name, { now }) => {
    takesNoOther('deliveries', others, name);
    const selection = {
      ...(incident === undefined ? {} : { incidentId: incident }),
      ...(receiver === undefined ? {} : { receiver }),
      ...(failed ? { outcomes: FAILED } : {}),
      ...(since === undefined ? {} : { since: readTime('--since', since, now) }),
      maxRows: limit === undefined ? USUAL_ROWS : readCount('--limit', limit),
    };
    return {
      needsKafka: false,
      run: async ({ db }, output) => {
        show(await listDeliveries(db, selection), { json, output });
        return 0;
      },
    };
  },

  resend: ({ incident, receiver, sequence, json, ...others }, name) => {
    takesNoOther('resend', others, name);
    if (incident === undefined || receiver === undefined)
      throw new UsageError(
        `wanted --incident and --receiver, got ${(incident ?? receiver) ? 'one of them' : 'neither'}`,
      );
    const wanted = sequence === undefined ? undefined : readCount('--sequence', sequence);
    return { needsKafka: true, run: (at, output) => resend(at, { incident, receiver, wanted, json, output }) };
  },

  resume: ({ json, ...others }, name) => {
    takesNoOther('resume', others);
    if (name === undefined) throw new UsageError('wanted the name of a receiver, got nothing');
    const request = { kind: 'resume' as const, request_id: randomUUID(), receiver: name };
    return { needsKafka: true, run: (at, output) => askNotifier(at, request, { json, output }) };
  },
};

function takesNoOther(action: string, others: Partial<Values>, name?: string): void {
  const given = Object.entries(others).filter(([, value]) => value !== undefined && value !== false);
  if (given.length > 0) throw new UsageError(`${action} takes no --${given[0]![0]}`);
  if (name !== undefined) throw new UsageError(`${action} takes no "${name}"`);
}

interface ResendWish {
  incident: string;
  receiver: string;
  wanted: number | undefined;
  json: boolean;
  output: Output;
}

async function resend(at: Connections, { incident, receiver, wanted, ...shown }: ResendWish): Promise<ExitCode> {
  const sequences = (await incidentChanges(at.db, incident)).map(({ sequence }) => sequence);
  if (sequences.length === 0) throw new UsageError(`--incident: wanted an incident that there is, got "${incident}"`);
  const sequence = wanted ?? Math.max(...sequences);
  if (!sequences.includes(sequence))
    throw new UsageError(`--sequence: wanted one of ${sequences.join(', ')}, got ${sequence}`);
  const request = { kind: 'resend' as const, request_id: randomUUID(), receiver, incident_id: incident, sequence };
  return askNotifier(at, request, shown);
}

/** Asks the running notifier, and waits for what comes of it. */
async function askNotifier(
  { db, kafka, writer }: Connections,
  request: NotifierRequest,
  { json, output }: { json: boolean; output: Output },
): Promise<ExitCode> {
  await createTopics(kafka);
  await (await writer()).write([requestRecord(request)]);
  for (const end = Date.now() + ANSWER_WITHIN_MS; Date.now() < end;) {
    const rows = await listDeliveries(db, { requestId: request.request_id, maxRows: 1 });
    const [row] = rows;
    if (row && row.outcome !== 'retry') {
      show(rows, { json, output });
      return row.outcome === 'delivered' || row.outcome === 'resumed' ? 0 : 1;
    }
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
  output.err(
    `ringwatch notify: the notifier has not answered within ${ANSWER_WITHIN_MS / 1000} s; the request stays in the topic. ` +
      `Is it running, with a receiver "${request.receiver}"? What came of it will stand in: ringwatch notify deliveries --receiver ${request.receiver}\n`,
  );
  return 1;
}

function show(rows: readonly ListedDelivery[], { json, output }: { json: boolean; output: Output }): void {
  if (json) return output.out(`${JSON.stringify(rows, null, 2)}\n`);
  const lines = rows.map((row) => [
    new Date(row.started_ms).toISOString().slice(0, 19).replace('T', ' '),
    row.receiver,
    row.incident_id,
    row.sequence,
    row.change,
    row.attempt,
    row.outcome,
    row.duration_ms,
    row.digest === '' ? row.detail : `${row.detail} (${row.digest})`,
  ]);
  const heads = ['started', 'receiver', 'incident', 'change', 'what', 'attempt', 'outcome', 'ms', 'detail'];
  output.out(table(heads, lines));
  output.out(`${rows.length > 0 ? '\n' : ''}${rows.length} rows\n`);
}
