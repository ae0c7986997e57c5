/** What crashes can be grouped by and filtered on: columns of `bugchecks`, under the contract's names. */
export const crashDimensions = [
  'driver',
  'driver_version',
  'update_channel',
  'update_version',
  'bugcheck_code',
  'country',
  'org_id',
  'os_build',
] as const;
export type CrashDimension = (typeof crashDimensions)[number];

/** Which values of a dimension count; a dimension that is absent or has no values takes any. */
export type CrashFilters = {
  [D in CrashDimension]?: D extends 'bugcheck_code' ? readonly number[] : readonly string[];
};

/** Event time `[since, until)`; an open end takes all. `bucketSeconds` is counted from 1970. */
export interface CrashSelection {
  groupBy: readonly CrashDimension[];
  bucketSeconds?: number;
  filters: CrashFilters;
  since?: Date;
  until?: Date;
  maxRows: number;
  /** Only the so many combinations with the most crashes in the whole range, then each by bucket; absent means all. */
  top?: number;
  /** `approximate` lets hosts be estimated where that is faster; `exact` when absent. Crashes are always exact. */
  hosts?: 'exact' | 'approximate';
}

/** One combination: `bucketStart` and the dimensions are there only where they were asked for. */
export interface CrashAggregate {
  bucketStart?: Date;
  values: Partial<Record<CrashDimension, string | number>>;
  crashes: number;
  hosts: number;
  /** Whether `hosts` is an estimate, with a standard error of 0.3 %. */
  hostsEstimated: boolean;
}

/** A combination as the questions answer it: what was not asked for is empty (0). */
export type Combination = Record<Exclude<CrashDimension, 'bugcheck_code'>, string> & { bugcheck_code: number };

/** A row of an answer before it is cut to what was asked for. */
export type CountedRow = Partial<Combination> & {
  bucket_start_ms: number;
  crashes: number;
  hosts: number;
  estimated: boolean;
};

/** The contract accepts no event before 2000; DateTime64 ends in 2299. */
const earliest = Date.UTC(2000, 0, 1);
const latest = Date.UTC(2299, 0, 1);

/** The range and buckets of a selection, in milliseconds since 1970 and in seconds; no buckets are 0. */
export function timesOf(selection: Pick<CrashSelection, 'since' | 'until' | 'bucketSeconds'>) {
  return {
    sinceMs: selection.since?.getTime() ?? earliest,
    untilMs: selection.until?.getTime() ?? latest,
    bucketSeconds: selection.bucketSeconds ?? 0,
  };
}

const plurals: Record<CrashDimension, string> = {
  driver: 'drivers',
  driver_version: 'driver_versions',
  update_channel: 'update_channels',
  update_version: 'update_versions',
  bugcheck_code: 'bugcheck_codes',
  country: 'countries',
  org_id: 'org_ids',
  os_build: 'os_builds',
};

/** Values for the parameters `by_...`, the filters and `top_...` of the questions; `only` are the combinations to keep. */
export function parametersOf(
  { groupBy, filters }: Pick<CrashSelection, 'groupBy' | 'filters'>,
  only: ReadonlyArray<Partial<Combination>> = [],
): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const dimension of crashDimensions) {
    parameters[`by_${dimension}`] = groupBy.includes(dimension);
    const values = filters[dimension] ?? [];
    // Besides the combinations themselves: what a column can say alone is checked first, and by the sorting keys.
    const narrow = only.length > 0 && values.length === 0 && groupBy.includes(dimension);
    parameters[plurals[dimension]] = narrow ? [...new Set(only.map((each) => each[dimension]))] : values;
  }
  return { ...parameters, ...combinationsOf(only) };
}

/** Values for the parameters `top_...`: combinations, pairwise; what a combination does not name is empty (0). */
export function combinationsOf(
  only: ReadonlyArray<Partial<Record<CrashDimension, string | number>>>,
): Record<string, unknown> {
  const missing = (dimension: CrashDimension) => (dimension === 'bugcheck_code' ? 0 : '');
  return Object.fromEntries(
    crashDimensions.map((dimension) => [
      `top_${plurals[dimension]}`,
      only.map((each) => each[dimension] ?? missing(dimension)),
    ]),
  );
}
