import type { Update } from '../../read/answers';

/** What the table can be sorted by. */
export const sorts = {
  newest: 'newest first',
  hosts: 'most hosts',
  adoption: 'most adopted',
  rate: 'highest crash rate',
  against: 'worst against the previous',
  evidence: 'most evidence against it',
} as const;
export type SortKey = keyof typeof sorts;
export type Order = 'ascending' | 'descending';

export const verdicts = ['halt', 'hold', 'go'] as const;

/** What somebody wants to see, as the address says it. */
export interface Wish {
  /** Which updates: as the api is asked for them. */
  filters: { q: string; channel: string; driver: string; vendor: string; verdict: string[]; under_way: string };
  sort: SortKey;
  order: Order;
}

export function wishOf(parameters: URLSearchParams): Wish {
  const text = (name: string) => parameters.get(name) ?? '';
  const sort = text('sort') in sorts ? (text('sort') as SortKey) : 'newest';
  return {
    filters: {
      q: text('q'),
      channel: text('channel'),
      driver: text('driver'),
      vendor: text('vendor'),
      verdict: verdicts.filter((each) => parameters.getAll('verdict').includes(each)),
      under_way: text('under_way') === 'true' ? 'true' : '',
    },
    sort,
    order: text('order') === 'ascending' ? 'ascending' : 'descending',
  };
}

/** Those filters of a wish that leave anything out. */
export function filtersIn({ filters }: Wish): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value.length > 0));
}

/** In the order that is wanted; what has no such figure comes last either way. `all`: among which a version before is looked for. */
export function inOrder(updates: readonly Update[], { sort, order }: Wish, all: readonly Update[]): Update[] {
  const weight: Record<SortKey, (update: Update) => number | undefined> = {
    newest: (update) => Date.parse(update.shipped_at ?? update.first_applied_at ?? update.first_heard_at),
    hosts: (update) => update.applied_hosts,
    adoption: (update) => (update.eligible_hosts === 0 ? undefined : update.applied_hosts / update.eligible_hosts),
    rate: (update) => update.crashed_per_1000 ?? undefined,
    against: (update) => againstPrevious(update, all),
    evidence: (update) => update.judgement?.statistic,
  };
  const sign = order === 'ascending' ? 1 : -1;
  const weighed = updates.map((update) => ({ update, weight: weight[sort](update) }));
  weighed.sort((a, b) => {
    if (a.weight === undefined || b.weight === undefined)
      return Number(a.weight === undefined) - Number(b.weight === undefined);
    return sign * (a.weight - b.weight);
  });
  return weighed.map(({ update }) => update);
}

/** Its crash rate over that of the version that it replaces; undefined where one of them is not known. */
export function againstPrevious(update: Update, all: readonly Update[]): number | undefined {
  const before = all.find(
    (other) => other.update_channel === update.update_channel && other.update_version === update.replaces,
  );
  if (!before?.crashed_per_1000 || update.crashed_per_1000 === null) return undefined;
  return update.crashed_per_1000 / before.crashed_per_1000;
}

const fields = [
  'update_channel',
  'update_version',
  'driver',
  'vendor',
  'title',
  'ring',
  'target_fraction',
  'shipped_at',
  'withdrawn_at',
  'eligible_hosts',
  'applied_hosts',
  'crashed_hosts',
  'crashed_per_1000',
  'crashed_per_1000_low',
  'crashed_per_1000_high',
  'verdict',
  'verdict_reason',
] as const satisfies ReadonlyArray<keyof Update>;

export function toCsv(updates: readonly Update[]): string {
  const lines = updates.map((update) => [...fields.map((name) => update[name]), update.judgement?.statistic]);
  return [[...fields, 'ln_e'], ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** A text that a spreadsheet would take for a formula begins with an apostrophe, as in the api's own CSV. */
function cell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
