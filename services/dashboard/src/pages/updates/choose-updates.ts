import type { Update } from '../../read/answers';

export type SortKey = 'newest' | 'rate' | 'evidence' | 'adoption' | 'against';

/** What the table can be sorted by: always the most first. */
export const columns: ReadonlyArray<{ key: SortKey; name: string }> = [
  { key: 'newest', name: 'newest first' },
  { key: 'evidence', name: 'most evidence against it' },
  { key: 'rate', name: 'highest crash rate' },
  { key: 'against', name: 'worst against the previous' },
  { key: 'adoption', name: 'most adopted' },
];

/** What somebody wants to see, as the address says it. */
export interface Wish {
  q: string;
  channel: string;
  vendor: string;
  verdict: string;
  sort: SortKey;
}

export function wishOf(parameters: URLSearchParams): Wish {
  const text = (name: string) => parameters.get(name) ?? '';
  const sort = columns.find(({ key }) => key === text('sort'))?.key ?? 'newest';
  return { q: text('q'), channel: text('channel'), vendor: text('vendor'), verdict: text('verdict'), sort };
}

/** Those that are wanted, in the order that is wanted. */
export function narrow(updates: readonly Update[], wish: Wish): Update[] {
  const words = wish.q.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = updates.filter((update) => {
    const text = [update.update_channel, update.update_version, update.driver, update.title, update.vendor]
      .join(' ')
      .toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (wish.channel === '' || update.update_channel === wish.channel) &&
      (wish.vendor === '' || update.vendor === wish.vendor) &&
      (wish.verdict === '' || update.verdict === wish.verdict)
    );
  });
  const weight: Record<SortKey, (update: Update) => number> = {
    newest: () => 0,
    rate: (update) => update.crashed_per_1000 ?? -1,
    evidence: (update) => update.judgement?.statistic ?? -Infinity,
    adoption: (update) => (update.eligible_hosts === 0 ? 0 : update.applied_hosts / update.eligible_hosts),
    against: (update) => againstPrevious(update, updates) ?? -1,
  };
  const weightOf = weight[wish.sort];
  return wanted.sort((a, b) => compare(weightOf(b), weightOf(a)));
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

const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
