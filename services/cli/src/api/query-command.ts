import { parseArgs } from 'node:util';
import { readTime } from '../arguments';
import type { CommandReader, Environment, ExitCode } from '../cli';
import { type Output, table } from '../output';
import type { Aggregates } from './answers';
import { ApiClient, type Query } from './api-client';

const filters = {
  driver: { type: 'string', multiple: true },
  'driver-version': { type: 'string', multiple: true },
  channel: { type: 'string', multiple: true },
  version: { type: 'string', multiple: true },
  code: { type: 'string', multiple: true },
  country: { type: 'string', multiple: true },
  org: { type: 'string', multiple: true },
  build: { type: 'string', multiple: true },
} as const;

/** The option's name here, the api's name there. */
const names = {
  driver: 'driver',
  'driver-version': 'driver_version',
  channel: 'update_channel',
  version: 'update_version',
  code: 'bugcheck_code',
  country: 'country',
  org: 'org_id',
  build: 'os_build',
} as const;

const range = { since: { type: 'string' }, until: { type: 'string' } } as const;
const form = { json: { type: 'boolean', default: false }, csv: { type: 'boolean', default: false } } as const;

/** `ringwatch query`: counts of crashes and hosts, by whatever is asked for. */
export const queryCommand: CommandReader = (args, now, env) => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...filters,
      ...range,
      ...form,
      by: { type: 'string' },
      bucket: { type: 'string' },
      top: { type: 'string' },
      limit: { type: 'string' },
    },
  });
  const { by, bucket, top, limit, json, csv } = values;
  const chosen = Object.entries(names).map(([option, name]) => [name, values[option as keyof typeof names]] as const);
  const query = { ...Object.fromEntries(chosen), ...timesOf(values, now), group_by: by, bucket, top, limit };
  return asking(query, { json, csv }, env);
};

/** `ringwatch top`: who crashes most, in the last hour when nothing else is said. */
export const topCommand: CommandReader = (args, now, env) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...range, ...form, top: { type: 'string', default: '20' } },
  });
  const by = positionals.length > 0 ? positionals.join(',') : 'driver,update_channel,update_version';
  const { json, csv, top } = values;
  return asking({ group_by: by, top, ...timesOf({ since: '1h', ...values }, now) }, { json, csv }, env);
};

function timesOf({ since, until }: { since?: string; until?: string }, now: number): Query {
  const instant = (name: string, text: string | undefined) =>
    text === undefined ? undefined : new Date(readTime(name, text, now)).toISOString();
  return { since: instant('--since', since), until: instant('--until', until) };
}

function asking(
  query: Query,
  { json, csv }: { json: boolean; csv: boolean },
  env: Environment,
): ReturnType<CommandReader> {
  return {
    kind: 'alone',
    run: async (output: Output) => {
      const api = new ApiClient(env);
      if (!csv) return show(await api.get<Aggregates>('aggregates', query), json, output);
      output.out(await api.text('aggregates', { ...query, format: 'csv' }));
      return 0;
    },
  };
}

function show(answer: Aggregates, json: boolean, { out, err }: Output): ExitCode {
  const { rows, truncated } = answer;
  if (json) out(`${JSON.stringify(answer, null, 2)}\n`);
  else if (rows.length === 0) out('no crashes\n');
  else
    out(
      table(
        Object.keys(rows[0]!),
        rows.map((row) => Object.values(row).map((value) => value ?? '-')),
      ),
    );
  if (truncated && !json) err('there are more rows: ask for fewer groups, or say --limit N (10000 at most)\n');
  return 0;
}
