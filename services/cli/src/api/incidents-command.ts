import { parseArgs } from 'node:util';
import type { IncidentChange } from '@ringwatch/incident';
import { readTime } from '../arguments';
import type { CommandReader, Environment, ExitCode } from '../cli';
import { type Output, UsageError, table } from '../output';
import { type IncidentWithHistory, shown } from './answers';
import { ApiClient } from './api-client';

const actions = ['acknowledge', 'assign', 'mute', 'unmute', 'comment', 'resolve'] as const;
type Action = (typeof actions)[number];

const options = {
  state: { type: 'string', multiple: true },
  severity: { type: 'string', multiple: true },
  text: { type: 'string' },
  to: { type: 'string' },
  until: { type: 'string' },
  factor: { type: 'string' },
  csv: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** `ringwatch incidents`: the list, one of them, its hosts, and what people do with it. */
export const incidentsCommand: CommandReader = (args, now, env) => {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [verb = 'list', id, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`wanted a verb and an incident, got "${positionals.join(' ')}"`);
  const { json, csv, state, severity } = values;
  if (verb === 'list') return alone(env, (api, output) => list(api, { state, severity }, json, output));
  if (id === undefined) throw new UsageError(`${verb}: wanted the id of an incident, got nothing`);
  const path = `incidents/${encodeURIComponent(id)}`;
  if (verb === 'show') return alone(env, (api, output) => show(api, path, json, output));
  if (verb === 'hosts') return alone(env, (api, output) => hosts(api, path, { json, csv }, output));
  const action = actions.find((each) => each === verb);
  if (!action) throw new UsageError(`wanted list, show, hosts, ${actions.join(', ')}, got "${verb}"`);
  const body = bodyOf(action, values, now);
  return alone(env, async (api, { out }) => {
    const answer = await api.post<object>(`${path}/${action}`, body);
    out(json ? `${JSON.stringify(answer, null, 2)}\n` : `${action} of ${id} is on its way to the detector\n`);
    return 0;
  });
};

export const incidentsHeader = [
  'incident',
  'state',
  'severity',
  'update',
  'driver',
  'crashed',
  'silent',
  'exposed',
  'x expected',
  'since',
];

export function incidentRow(incident: IncidentChange): Array<string | number> {
  const { suspect, evidence } = incident;
  return [
    incident.incident_id,
    incident.state,
    incident.severity,
    `${suspect.update_channel} ${suspect.update_version}`.trim() || 'none',
    suspect.driver,
    evidence.crashed_hosts,
    evidence.silent_hosts,
    evidence.exposed_hosts,
    Number(evidence.relative_risk.estimate.toPrecision(3)),
    shown(incident.opened_at),
  ];
}

function alone(
  env: Environment,
  run: (api: ApiClient, output: Output) => Promise<ExitCode>,
): ReturnType<CommandReader> {
  return { kind: 'alone', run: (output: Output) => run(new ApiClient(env), output) };
}

async function list(
  api: ApiClient,
  filter: { state: string[] | undefined; severity: string[] | undefined },
  json: boolean,
  { out }: Output,
): Promise<ExitCode> {
  const { incidents } = await api.get<{ incidents: IncidentChange[] }>('incidents', filter);
  if (json) out(`${JSON.stringify(incidents, null, 2)}\n`);
  else out(incidents.length === 0 ? 'no incidents\n' : table(incidentsHeader, incidents.map(incidentRow)));
  return 0;
}

async function show(api: ApiClient, path: string, json: boolean, { out }: Output): Promise<ExitCode> {
  const answer = await api.get<IncidentWithHistory>(path);
  if (json) {
    out(`${JSON.stringify(answer, null, 2)}\n`);
    return 0;
  }
  const { incident, changes } = answer;
  const { evidence, suspect } = incident;
  const { estimate, low, high } = evidence.relative_risk;
  out(`${incident.incident_id}: ${incident.state}, ${incident.severity}, ${incident.scope.replace('_', ' ')}\n`);
  out(
    `suspect    ${`${suspect.update_channel} ${suspect.update_version}`.trim() || 'no update'}, ${suspect.driver}, ${Math.round(100 * suspect.confidence)} % sure\n`,
  );
  out(
    `observed   ${evidence.observed} of ${evidence.exposed_hosts} exposed hosts, ${evidence.expected.toPrecision(3)} expected: `,
  );
  out(`${estimate.toPrecision(3)} times (${low.toPrecision(3)} to ${high === null ? 'any' : high.toPrecision(3)})\n`);
  out(`evidence   ln E ${evidence.statistic.toPrecision(4)}, line ${evidence.threshold.toPrecision(4)}\n`);
  out(`advice     ${incident.recommendation}\n\n`);
  const rows = changes.map((each) => [
    each.sequence,
    shown(each.detected_at),
    each.change,
    each.severity,
    each.action?.actor ?? '',
    each.reason,
  ]);
  out(table(['#', 'at', 'change', 'severity', 'who', 'why'], rows));
  return 0;
}

async function hosts(
  api: ApiClient,
  path: string,
  { json, csv }: { json: boolean; csv: boolean },
  { out }: Output,
): Promise<ExitCode> {
  if (csv) {
    out(await api.text(`${path}/hosts`, { format: 'csv', limit: 10_000 }));
    return 0;
  }
  const all: Array<Record<string, string | number | boolean | null>> = [];
  for await (const host of api.pages<(typeof all)[number]>(`${path}/hosts`, 'hosts')) all.push(host);
  if (json) out(`${JSON.stringify(all, null, 2)}\n`);
  else if (all.length === 0) out('no hosts\n');
  else
    out(
      table(
        Object.keys(all[0]!),
        all.map((host) =>
          Object.values(host).map((value) => (typeof value === 'number' ? value : String(value ?? '-'))),
        ),
      ),
    );
  return 0;
}

/** What is sent with an action. @throws UsageError where something is missing that it needs */
function bodyOf(
  action: Action,
  values: { text?: string; to?: string; until?: string; factor?: string },
  now: number,
): object {
  const text = values.text === undefined ? {} : { text: values.text };
  if (action === 'comment' && values.text === undefined)
    throw new UsageError('comment: wanted --text WORDS, got nothing');
  if (action === 'assign') {
    if (values.to === undefined)
      throw new UsageError('assign: wanted --to NAME (an empty one for nobody), got nothing');
    return { assignee: values.to, ...text };
  }
  if (action !== 'mute') return text;
  if ((values.until === undefined) === (values.factor === undefined))
    throw new UsageError('mute: wanted --until TIME or --factor N, got neither or both');
  if (values.until !== undefined) return { muted_until: new Date(endOf(values.until, now)).toISOString(), ...text };
  const factor = Number(values.factor);
  if (!(factor > 1)) throw new UsageError(`--factor: wanted a number above 1, got "${values.factor}"`);
  return { muted_factor: factor, ...text };
}

/** A time, or so long from now on: `2h`. */
function endOf(text: string, now: number): number {
  const isSpan = /^\d+[smhd]$/.test(text);
  const read = readTime('--until', text, now);
  return isSpan ? 2 * now - read : read;
}
