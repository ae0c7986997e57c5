import { parseArgs } from 'node:util';
import { type ClickHouseClient, incidentChanges } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { decideAgain } from '@ringwatch/ticks';
import { readCount } from './arguments';
import type { CommandReader, ExitCode } from './cli';
import { type Output, UsageError, table } from './output';

/** A number or word that came out otherwise than it was decided. */
interface Difference {
  /** Where in the change, such as `evidence.observed`. */
  field: string;
  decided: string;
  again: string;
}

/** What came of it: the change as it was told, and what differs now; undefined where nothing was decided at that tick now. */
interface Replayed {
  decided: IncidentChange;
  again: IncidentChange | undefined;
  differences: Difference[];
}

/** `ringwatch replay`. */
export const replayCommand: CommandReader = (args) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { sequence: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new UsageError(`wanted the id of one incident, got "${positionals.join(' ')}"`);
  const sequence = values.sequence === undefined ? 1 : readCount('--sequence', values.sequence);
  return {
    needsKafka: false,
    run: async ({ db }, output) => {
      output.err(`deciding change ${sequence} of ${id} again from what is stored\n`);
      const replayed = await replay(db, id, sequence);
      if (values.json) output.out(`${JSON.stringify(replayed, null, 2)}\n`);
      else print(replayed, output);
      return exitCodeOf(replayed);
    },
  };
};

async function replay(db: ClickHouseClient, id: string, sequence: number): Promise<Replayed> {
  const changes = await incidentChanges(db, id);
  if (changes.length === 0) throw new UsageError(`wanted an incident that is stored, got "${id}"`);
  const decided = changes.find((change) => change.sequence === sequence);
  if (!decided) throw new UsageError(`--sequence: wanted 1 to ${changes.length}, got ${sequence}`);
  const all = await decideAgain(db, Date.parse(decided.detected_at));
  const again = all.find((change) => change.incident_id === id && change.sequence === sequence);
  return { decided, again, differences: again ? differencesBetween(decided, again) : [] };
}

function exitCodeOf({ again, differences }: Replayed): ExitCode {
  return again && differences.length === 0 ? 0 : 1;
}

/** Field by field, those of objects within by their path; lists are compared whole. */
function differencesBetween(decided: unknown, again: unknown, path = ''): Difference[] {
  if (isObject(decided) && isObject(again)) {
    const names = new Set([...Object.keys(decided), ...Object.keys(again)]);
    return [...names].flatMap((name) =>
      differencesBetween(decided[name], again[name], path === '' ? name : `${path}.${name}`),
    );
  }
  const [was, is] = [JSON.stringify(decided) ?? 'nothing', JSON.stringify(again) ?? 'nothing'];
  return was === is ? [] : [{ field: path, decided: was, again: is }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function print({ decided, again, differences }: Replayed, { out }: Output): void {
  const { evidence, suspect } = decided;
  const { estimate, low, high } = evidence.relative_risk;
  const rows: Array<[string, string]> = [
    ['decided', `${decided.detected_at}, ${decided.change}, ${decided.severity}`],
    [
      'suspect',
      `${`${suspect.update_channel} ${suspect.update_version}`.trim() || 'no update'}, ${suspect.driver}, ${(100 * suspect.confidence).toFixed(1)} % sure`,
    ],
    [
      'observed',
      `${evidence.observed} of ${evidence.exposed_hosts} exposed hosts; ${shortly(evidence.expected)} expected`,
    ],
    ['ratio', `${shortly(estimate)} (95 % interval ${shortly(low)} to ${high === null ? 'any' : shortly(high)})`],
    ['ln E', `${shortly(evidence.statistic)} against a line of ${shortly(evidence.threshold)}`],
  ];
  out(rows.map(([label, value]) => `${label.padEnd(10)}${value}\n`).join(''));
  if (!again) out('again     nothing: by what is stored now, nothing was to be decided then\n');
  else if (differences.length === 0) out('again     the same, byte for byte\n');
  else {
    out(
      `again     ${differences.length} fields differ: what it was decided by has been erased, settled or has expired\n\n`,
    );
    out(
      table(
        ['field', 'decided', 'again'],
        differences.map(({ field, decided, again }) => [field, cut(decided), cut(again)]),
      ),
    );
  }
}

function shortly(value: number): number {
  return Number(value.toPrecision(5));
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
