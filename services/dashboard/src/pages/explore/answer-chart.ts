import { seriesColours, suspectColour, usualColour } from '../../charts/chart-colours';
import type { TimeChart } from '../../charts/time-chart';
import type { AggregateRow } from '../../read/answers';
import { groupRows } from '../../read/group-rows';
import { count, dateTime } from '../../text/format';
import type { Question } from './question';

const seconds = { m: 60, h: 3_600, d: 86_400 } as const;
const MOST_LAYERS = 8;
const MOST_BUCKETS = 5_000;
const REST = 'other';

/** What a row is of, in words. */
export const labelOf = (row: AggregateRow, { groupBy }: Question): string =>
  row.other ? REST : groupBy.map((name) => row[name] || 'none').join(' · ') || 'all crashes';

/** Stacked crashes over time; undefined where no axis of time was asked for. */
export function chartOfAnswer(question: Question, rows: readonly AggregateRow[]): TimeChart | undefined {
  const { bucket } = question;
  const timed = rows.filter(({ bucket_start: at }) => at !== undefined);
  if (bucket === '' || timed.length === 0) return undefined;
  const width = Number(bucket.slice(0, -1)) * seconds[bucket.slice(-1) as keyof typeof seconds];
  const places = timed.map((row) => Date.parse(row.bucket_start!) / 1_000);
  const start = places.reduce((least, each) => Math.min(least, each), Infinity);
  const end = places.reduce((most, each) => Math.max(most, each), -Infinity);
  const size = Math.min(MOST_BUCKETS, (end - start) / width + 1);
  const groups = [...groupRows(timed, (row) => labelOf(row, question))]
    .map(([label, own]) => ({ label, own, crashes: own.reduce((total, row) => total + row.crashes, 0) }))
    .sort((a, b) => Number(a.label === REST) - Number(b.label === REST) || b.crashes - a.crashes);
  const apart = groups.filter(({ label }) => label !== REST).slice(0, MOST_LAYERS);
  const rest = groups.filter((group) => !apart.includes(group));
  const merged = rest.length === 0 ? [] : [merge(rest)];
  return {
    starts: Array.from({ length: size }, (_, at) => start + at * width),
    bucketSeconds: width,
    marks: [],
    series: [...apart, ...merged].map(({ label, own, crashes }, at) => ({
      kind: 'bars',
      label,
      colour: label === REST ? usualColour : [suspectColour, ...seriesColours][at]!,
      values: fill(own, size, (row) => (Date.parse(row.bucket_start!) / 1_000 - start) / width),
      write: count,
      summary: count(crashes),
    })),
  };
}

type Group = { label: string; own: AggregateRow[]; crashes: number };

const merge = (groups: Group[]): Group => ({
  label: REST,
  own: groups.flatMap(({ own }) => own),
  crashes: groups.reduce((total, { crashes }) => total + crashes, 0),
});

function fill(rows: readonly AggregateRow[], size: number, place: (row: AggregateRow) => number): number[] {
  const values = new Array<number>(size).fill(0);
  for (const row of rows) {
    const at = place(row);
    if (at < size) values[at] = values[at]! + row.crashes;
  }
  return values;
}

/** The chart in a sentence. */
export function describeAnswer(question: Question, chart: TimeChart): string {
  const totals = chart.starts.map((_, at) => chart.series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  const all = totals.reduce((sum, each) => sum + each, 0);
  const peak = totals.reduce((most, each) => Math.max(most, each), 0);
  const at = dateTime(chart.starts[totals.indexOf(peak)]! * 1_000);
  const first = chart.series[0]!;
  const largest = question.groupBy.length === 0 ? '' : `; the largest group is ${first.label} with ${first.summary}`;
  return `${count(all)} crashes, at most ${count(peak)} in ${question.bucket}, from ${at} UTC${largest}.`;
}
