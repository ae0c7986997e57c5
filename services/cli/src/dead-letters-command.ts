import { parseArgs } from 'node:util';
import { redrive } from '@ringwatch/audit';
import { type LetterSelection, countDeadLetters } from '@ringwatch/clickhouse';
import { readTime, readTopic } from './arguments';
import type { CommandReader, ExitCode } from './cli';
import type { Connections } from './connections';
import { type Output, UsageError, progress, table } from './output';

const reasons = ['not_json', 'not_object', 'missing_field', 'wrong_type', 'out_of_range', 'too_large', 'conflict'];

/** `ringwatch dead-letters list` and `redrive`. */
export const deadLettersCommand: CommandReader = (args, now) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      reason: { type: 'string' },
      topic: { type: 'string' },
      field: { type: 'string' },
      since: { type: 'string' },
      until: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [action] = positionals;
  if (positionals.length !== 1 || (action !== 'list' && action !== 'redrive'))
    throw new UsageError(`wanted list or redrive, got "${positionals.join(' ')}"`);
  const { reason, topic, field, since, until, json } = values;
  if (reason !== undefined && !reasons.includes(reason))
    throw new UsageError(`--reason: wanted one of ${reasons.join(', ')}, got "${reason}"`);
  const selection: LetterSelection = {
    ...(reason === undefined ? {} : { reason }),
    ...(topic === undefined ? {} : { topic: readTopic(topic) }),
    ...(field === undefined ? {} : { field }),
    ...(since === undefined ? {} : { since: readTime('--since', since, now) }),
    ...(until === undefined ? {} : { until: readTime('--until', until, now) }),
  };
  if (action === 'list') return { needsKafka: false, run: (at, output) => list(at, selection, { json, output }) };
  if (reason === 'conflict')
    throw new UsageError('letters of conflicts are never redriven: another content holds their id');
  const dryRun = values['dry-run'];
  if (Object.keys(selection).length === 0 && !dryRun && !values.yes)
    throw new UsageError('this redrives every dead letter there is: select some, or say --yes');
  return { needsKafka: true, run: (at, output) => redriveSelected(at, selection, { json, dryRun, output }) };
};

const day = (instant: number) => new Date(instant).toISOString().slice(0, 19).replace('T', ' ');

async function list(
  { db }: Connections,
  selection: LetterSelection,
  { json, output }: { json: boolean; output: Output },
): Promise<ExitCode> {
  const counts = await countDeadLetters(db, selection);
  if (json) {
    output.out(`${JSON.stringify(counts, null, 2)}\n`);
    return 0;
  }
  const rows = counts.map((each) => [
    each.topic,
    each.reason,
    each.field,
    each.letters,
    each.redriven,
    day(each.last_at),
    each.sample_source,
    each.sample_detail.slice(0, 100),
  ]);
  output.out(table(['topic', 'reason', 'field', 'letters', 'redriven', 'latest', 'sample', 'why'], rows));
  const sum = counts.reduce((all, { letters }) => all + letters, 0);
  output.out(`${rows.length > 0 ? '\n' : ''}${sum} dead letters\n`);
  return 0;
}

async function redriveSelected(
  { db, writer }: Connections,
  selection: LetterSelection,
  { json, dryRun, output }: { json: boolean; dryRun: boolean; output: Output },
): Promise<ExitCode> {
  const say = progress(output.err);
  const result = await redrive({
    db,
    writer: await writer(),
    selection,
    dryRun,
    onPage: ({ passed }) => say(`${passed} ${dryRun ? 'pass' : 'sent again'} so far`),
  });
  if (json) {
    output.out(`${JSON.stringify({ ...result, dryRun }, null, 2)}\n`);
    return 0;
  }
  output.out(`${result.passed} dead letters ${dryRun ? 'pass today and would be sent again' : 'sent again'}\n`);
  const refused = Object.entries(result.refused).sort(([, one], [, other]) => other - one);
  if (refused.length > 0) output.out(`\n${table(['still refused', 'letters'], refused)}`);
  return 0;
}
