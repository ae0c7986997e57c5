import { parseArgs } from 'node:util';
import type { CommandReader, ExitCode } from '../cli';
import { type Output, UsageError, table } from '../output';
import { type UpdateSummary, type UpdateVerdict, shown } from './answers';
import { ApiClient, type Query } from './api-client';

/** What a gate ends with; `hold` and `halt` differ from each other and from an error. */
const codes = { go: 0, hold: 3, halt: 4 } as const;

const options = {
  channel: { type: 'string', multiple: true },
  driver: { type: 'string', multiple: true },
  vendor: { type: 'string', multiple: true },
  verdict: { type: 'string', multiple: true },
  'under-way': { type: 'boolean' },
  search: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** `ringwatch updates`: the list, one of them, and the verdict on it as an exit code. */
export const updatesCommand: CommandReader = (args, _now, env) => {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [verb = 'list', channel, version, ...more] = positionals;
  if (!['list', 'show', 'verdict'].includes(verb)) throw new UsageError(`wanted list, show or verdict, got "${verb}"`);
  if (verb !== 'list' && (channel === undefined || version === undefined || more.length > 0))
    throw new UsageError(`${verb}: wanted a channel and a version, got "${positionals.slice(1).join(' ')}"`);
  const path = `updates/${encodeURIComponent(channel ?? '')}/${encodeURIComponent(version ?? '')}`;
  const { json, 'under-way': isUnderWay, search, ...rest } = values;
  const query: Query = { ...rest, under_way: isUnderWay ? 'true' : undefined, q: search };
  const stray = Object.keys(values).find((name) => name !== 'json');
  if (verb !== 'list' && stray !== undefined)
    throw new UsageError(`${verb}: wanted no --${stray}, which narrows the list`);
  return {
    kind: 'alone',
    run: (output: Output) => {
      const api = new ApiClient(env);
      if (verb === 'list') return list(api, query, json, output);
      if (verb === 'show') return show(api, path, json, output);
      return judge(api, path, json, output);
    },
  };
};

const header = ['channel', 'version', 'shipped', 'applied', 'of', 'crashed', 'per 1000', 'verdict', 'why'];

function rowOf(update: UpdateSummary): Array<string | number> {
  return [
    update.update_channel,
    update.update_version,
    shown(update.shipped_at),
    update.applied_hosts,
    update.eligible_hosts,
    update.crashed_hosts,
    update.crashed_per_1000 === null ? '-' : update.crashed_per_1000.toFixed(2),
    update.verdict,
    update.verdict_reason,
  ];
}

async function list(api: ApiClient, query: Query, json: boolean, { out }: Output): Promise<ExitCode> {
  const { updates } = await api.get<{ updates: UpdateSummary[] }>('updates', query);
  if (json) out(`${JSON.stringify(updates, null, 2)}\n`);
  else out(updates.length === 0 ? 'no updates\n' : table(header, updates.map(rowOf)));
  return 0;
}

async function show(api: ApiClient, path: string, json: boolean, { out }: Output): Promise<ExitCode> {
  const update = await api.get<UpdateSummary>(path);
  out(json ? `${JSON.stringify(update, null, 2)}\n` : table(header, [rowOf(update)]));
  return 0;
}

async function judge(api: ApiClient, path: string, json: boolean, { out }: Output): Promise<ExitCode> {
  const answer = await api.get<UpdateVerdict>(`${path}/verdict`);
  out(json ? `${JSON.stringify(answer, null, 2)}\n` : `${answer.verdict}: ${answer.explanation} (${answer.reason})\n`);
  return codes[answer.verdict];
}
