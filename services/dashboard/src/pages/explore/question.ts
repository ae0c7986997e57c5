import { type RangeName, type TimeRange, rangeNamed } from '../../parts/time-range';
import { type Dimension, dimensions } from '../../read/answers';

export const names = Object.keys(dimensions) as Dimension[];
export const MOST_GROUPS = 3;

/** Widths of a bucket; empty: no axis of time. */
export const buckets = ['', '1m', '5m', '15m', '1h', '6h', '1d'] as const;
export type Bucket = (typeof buckets)[number];

/** What is asked, as the address says it: the names are those of the api. */
export interface Question {
  groupBy: Dimension[];
  filters: Array<{ name: Dimension; value: string }>;
  range: RangeName | 'own';
  since: string;
  until: string;
  bucket: Bucket;
  top: number;
}

const USUAL_TOP = 10;

export function questionOf(parameters: URLSearchParams): Question {
  const text = (name: string) => parameters.get(name) ?? '';
  const asked = parameters.has('group_by') ? text('group_by').split(',') : ['driver', 'update_version'];
  const isOwn = parameters.has('since') || parameters.has('until');
  return {
    groupBy: names.filter((name) => asked.includes(name)).slice(0, MOST_GROUPS),
    filters: names.flatMap((name) => parameters.getAll(name).map((value) => ({ name, value }))),
    range: isOwn ? 'own' : rangeNamed(text('range'), '24h'),
    since: text('since'),
    until: text('until'),
    bucket: buckets.find((each) => each === parameters.get('bucket')) ?? (parameters.has('bucket') ? '' : '15m'),
    top: Math.min(100, Math.max(1, Math.floor(Number(text('top'))) || USUAL_TOP)),
  };
}

/** The same as parameters of the api. */
export function parametersOf(question: Question, range: TimeRange): URLSearchParams {
  const parameters = new URLSearchParams();
  if (question.groupBy.length > 0) parameters.set('group_by', question.groupBy.join(','));
  for (const { name, value } of question.filters) parameters.append(name, value);
  const { since, until } = question.range === 'own' ? ownRange(question) : range;
  if (since) parameters.set('since', since);
  if (until) parameters.set('until', until);
  if (question.bucket !== '') parameters.set('bucket', question.bucket);
  if (question.groupBy.length > 0) parameters.set('top', String(question.top));
  if (question.groupBy.length > 0) parameters.set('others', 'true');
  parameters.set('limit', '10000');
  return parameters;
}

const ownRange = ({ since, until }: Question): TimeRange => ({
  ...(since && { since: new Date(since).toISOString() }),
  ...(until && { until: new Date(until).toISOString() }),
});
