import { isDue } from '../suite/judge-run';
import { quantile } from '../suite/interval';
import type { ScenarioClass } from '../suite/class';
import type { Outcome } from '../suite/outcome';

/** What the runs of one class came to. */
export interface ClassRow {
  number: string;
  title: string;
  wanted: string;
  runs: number;
  /** Runs in which the guilty update must be found (a perfect detector would, with a chance of 0.99), and was. */
  due: number;
  found: number;
  foundOfDue: number;
  blameRight: number;
  scopeRight: number | undefined;
  falseAlarms: number;
  medianMs: number | undefined;
  p95Ms: number | undefined;
  ratioMedian: number | undefined;
  ratioP95: number | undefined;
  reportsMedian: number | undefined;
  failing: Outcome[];
}

export function rowOf({ number, title, wanted }: ScenarioClass, outcomes: readonly Outcome[]): ClassRow {
  const due = outcomes.filter((each) => each.truth !== 'silent' && isDue(each));
  const found = outcomes.filter((each) => each.found);
  const scoped = found.filter(({ scopeWanted }) => scopeWanted !== undefined);
  const took = found.flatMap(({ tookMs }) => tookMs ?? []);
  const ratios = ratiosOf(outcomes);
  const some = (values: readonly number[], share: number) => (values.length > 0 ? quantile(values, share) : undefined);
  return {
    number,
    title,
    wanted,
    runs: outcomes.length,
    due: due.length,
    found: found.length,
    foundOfDue: due.filter((each) => each.found).length,
    blameRight: found.filter(isBlameRight).length,
    scopeRight: scoped.length === 0 ? undefined : scoped.filter(isScopeRight).length / scoped.length,
    falseAlarms: outcomes.reduce((sum, each) => sum + each.falseAlarms, 0),
    medianMs: some(took, 0.5),
    p95Ms: some(took, 0.95),
    ratioMedian: some(ratios, 0.5),
    ratioP95: some(ratios, 0.95),
    reportsMedian: some(
      found.flatMap(({ reportsAtAlarm }) => reportsAtAlarm ?? []),
      0.5,
    ),
    failing: outcomes.filter(({ wrong }) => wrong.length > 0),
  };
}

/** The guilty set is named, and whether it can be told apart is said as it is; an innocent one blamed in its place is wrong. */
export function isBlameRight({ blameRight, separable, separableWanted, falseAlarms }: Outcome): boolean {
  return blameRight === true && falseAlarms === 0 && (separableWanted === 'either' || separable === separableWanted);
}

export function isScopeRight({ scope, scopeWanted }: Outcome): boolean {
  return scope === scopeWanted;
}

/** Time to detect over the floor's median, of runs that must be found; never found counts as forever. */
export function ratiosOf(outcomes: readonly Outcome[]): number[] {
  return outcomes.flatMap((each) => {
    if (each.truth !== 'guilty' || !each.floor || !Number.isFinite(each.floor.medianMs) || !isDue(each)) return [];
    return [each.found ? each.tookMs! / each.floor.medianMs : Infinity];
  });
}

/** A duration in the unit that a person would choose. */
export function spoken(ms: number | undefined): string {
  if (ms === undefined || Number.isNaN(ms)) return '';
  if (!Number.isFinite(ms)) return 'never';
  if (ms < 600_000) return `${(ms / 1000).toPrecision(3)} s`;
  return ms < 7_200_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}

export function tableOf(rows: readonly ClassRow[]): string {
  const head =
    '| class | | runs | must be found | found | blame right | time to detect, median (95 %) | times the floor, median (95 %) | reports | scope right | false alarms |';
  const line = '| --- | --- | ---: | ---: | ---: | ---: | --- | --- | ---: | ---: | ---: |';
  const pair = (a: number | undefined, b: number | undefined, say: (value: number) => string) =>
    a === undefined ? '' : `${say(a)} (${say(b!)})`;
  const times = (value: number) => (Number.isFinite(value) ? value.toFixed(2) : 'never');
  const body = rows.map((row) =>
    [
      row.number,
      row.title,
      row.runs,
      row.due || '',
      row.due > 0
        ? `${row.foundOfDue}${row.found > row.foundOfDue ? ` + ${row.found - row.foundOfDue}` : ''}`
        : row.found || '',
      row.found > 0 ? row.blameRight : '',
      pair(row.medianMs, row.p95Ms, spoken),
      pair(row.ratioMedian, row.ratioP95, times),
      row.reportsMedian ?? '',
      row.scopeRight === undefined ? '' : `${(100 * row.scopeRight).toFixed(0)} %`,
      row.falseAlarms,
    ].join(' | '),
  );
  return [head, line, ...body.map((each) => `| ${each} |`)].join('\n');
}
