import { markdownTable, median, megabytes, spread, thousands } from '../report/table';
import { describeFaults } from './compare';
import type { IngestResult } from './ingest';
import type { InsertRun } from './insert-alone';
import type { Run } from './measure';

/** With less than this used by processes that have no part in it, a run is called quiet. */
export const QUIET_BELOW_CORES = 0.1;

const rate = (run: Run) => run.rows / run.secondsFromFirstFetch;
const perMillion = (seconds: number, rows: number) => (seconds / rows) * 1e6;
const two = (value: number) => value.toFixed(2);

/** The result as Markdown. */
export function reportIngest(result: IngestResult): string {
  const { messages, events, deadLetters, failures, problems } = result;
  const reference = result.peers.map(({ name }) => result.runs.filter((run) => run.peer === name));
  const ratioHeads = result.peers.filter(({ stores }) => stores).map(({ name }) => `x ${name}`);
  const heads = [
    'peer',
    'runs (quiet)',
    'messages/s from first fetch',
    'from start',
    'until rolled up',
    'CPU s/M: peer',
    'ClickHouse',
    'Kafka',
    'sum',
    'with later merges',
    'peak MB: peer',
    'ClickHouse',
    'foreign cores',
    'result',
    ...ratioHeads,
  ];
  const rows = result.peers.flatMap(({ title, stores }, at) => {
    const runs = reference[at] ?? [];
    if (runs.length === 0) return [];
    const ratios = result.peers.flatMap((other, index) =>
      other.stores ? [ratioOf(stores ? runs : [], reference[index] ?? [])] : [],
    );
    return [[title, ...figures(runs), ...ratios]];
  });
  return [
    `${thousands(messages)} messages: ${thousands(events)} events, ${thousands(deadLetters)} to be refused, the rest repeated events.`,
    markdownTable(heads, rows),
    insertTable(result.inserts),
    notes(result),
    ...failures.map((failure) => `Failed: ${failure}`),
    ...problems.map((problem) => `**Wrong: ${problem}**`),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function figures(runs: readonly Run[]): string[] {
  const quiet = runs.filter(({ costs }) => costs.foreignCores < QUIET_BELOW_CORES);
  const cpu = (read: (run: Run) => number) => two(median(runs.map((run) => perMillion(read(run), run.rows))));
  const sum = ({ costs: { cpuSeconds } }: Run) => cpuSeconds.peer + cpuSeconds.clickhouse + cpuSeconds.kafka;
  const results = new Set(runs.flatMap(({ faults }) => (faults ? [describeFaults(faults)] : [])));
  return [
    `${runs.length} (${quiet.length})`,
    spread(runs.map(rate), thousands),
    thousands(median(runs.map((run) => run.rows / run.secondsFromStart))),
    thousands(median(runs.map((run) => run.rows / run.secondsUntilRolledUp))),
    cpu((run) => run.costs.cpuSeconds.peer),
    cpu((run) => run.costs.cpuSeconds.clickhouse),
    cpu((run) => run.costs.cpuSeconds.kafka),
    cpu(sum),
    cpu((run) => sum(run) + run.laterMergesCpuSeconds),
    megabytes(Math.max(...runs.map((run) => run.costs.peakMemoryBytes.peer))),
    megabytes(Math.max(...runs.map((run) => run.costs.peakMemoryBytes.clickhouse))),
    spread(
      runs.map(({ costs }) => costs.foreignCores),
      two,
    ) + (quiet.length < runs.length ? ' **not quiet**' : ''),
    [...results].join(' / ') || '-',
  ];
}

/** How many times as fast the row is as the column. */
function ratioOf(runs: readonly Run[], others: readonly Run[]): string {
  if (runs.length === 0 || others.length === 0) return '-';
  return two(median(runs.map(rate)) / median(others.map(rate)));
}

function insertTable(inserts: readonly InsertRun[]): string {
  if (inserts.length === 0) return '';
  const formats = [...new Set(inserts.map(({ format }) => format))];
  const rows = formats.map((format) => {
    const runs = inserts.filter((run) => run.format === format);
    const cpu = (read: (run: InsertRun) => number) => two(median(runs.map((run) => perMillion(read(run), run.rows))));
    return [
      `limit: inserts of ${format} alone, 2 posts`,
      spread(
        runs.map((run) => run.rows / run.seconds),
        thousands,
      ),
      thousands(median(runs.map((run) => (run.megabytes / run.rows) * 1e6))),
      cpu((run) => run.costs.cpuSeconds.clickhouse),
      cpu((run) => run.costs.cpuSeconds.clickhouse + run.laterMergesCpuSeconds),
      spread(
        runs.map(({ costs }) => costs.foreignCores),
        two,
      ),
    ];
  });
  const heads = ['limit', 'rows/s', 'MB per million rows', 'ClickHouse CPU s/M', 'with later merges', 'foreign cores'];
  return markdownTable(heads, rows);
}

function notes({ runs }: IngestResult): string {
  const said = new Map(runs.filter(({ said }) => said !== '').map((run) => [run.peer, run.said]));
  return [...said].map(([peer, text]) => `- ${peer}: ${text}`).join('\n');
}
