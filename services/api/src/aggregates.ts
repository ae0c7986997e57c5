import { formatStopCode } from '@ringwatch/bugcheck';
import { type CrashAggregate, aggregateCrashes, countOtherCrashes, crashDimensions } from '@ringwatch/clickhouse';
import { z } from 'zod';
import { orgsAskedFor } from './caller';
import { crashFilterFields, isRange, notARange } from './crash-filter-fields';
import { bucketField, flagField, formatField, hostsField, limitField } from './query-fields';
import { rateColumns, ratesOf, updateNamedBy } from './rates';
import type { Store } from './store';

const MAX_ROWS = 10_000;

const MAX_TOP = 1_000;

const topField = z.coerce
  .number({ error: `wanted a whole number from 1 to ${MAX_TOP}` })
  .int({ error: `wanted a whole number from 1 to ${MAX_TOP}` })
  .min(1, { error: 'wanted at least 1' })
  .max(MAX_TOP, { error: `wanted at most ${MAX_TOP}` })
  .optional();

const groupBy = z.preprocess(
  (given) => [given ?? []].flat().flatMap((text) => (typeof text === 'string' ? text.split(',') : text)),
  z.array(z.enum(crashDimensions, { error: `wanted some of ${crashDimensions.join(', ')}` })),
);

/** What `GET /api/v1/aggregates` understands. */
export const aggregatesQuerySchema = z
  .strictObject({
    group_by: groupBy.meta({
      description: 'dimensions to group by, separated by commas or given several times; without any: one row of totals',
      examples: [['driver', 'update_version']],
    }),
    bucket: bucketField
      .optional()
      .meta({ description: 'width of a time bucket of occurred_at, counted from 1970 in UTC', examples: ['5m'] }),
    ...crashFilterFields,
    top: topField.meta({
      description:
        'only the so many combinations with the most crashes in the whole range; with a bucket, these in each bucket',
      examples: [20],
    }),
    hosts: hostsField.default('exact').meta({
      description: 'exact (the default), or approximate: faster over hours and days, with a standard error of 0.3 %',
    }),
    others: flagField.meta({
      description: 'with `top`: also what is beside the largest, as rows with `other`: true, in each bucket',
    }),
    rates: flagField.meta({
      description:
        'also hosts that crashed after they had applied the update of the row, per 1,000 that have it, with the exact 95 % ' +
        'interval; needs update_channel and update_version, or driver and driver_version, in group_by',
    }),
    limit: limitField(MAX_ROWS, 1_000).meta({ description: 'most rows to answer' }),
    format: formatField.meta({ description: 'json (the default) or csv; wins over the Accept header' }),
  })
  .refine(isRange, notARange)
  .refine(({ top, others }) => !others || top !== undefined, {
    error: 'wanted top beside it: others are what is not among the largest',
    path: ['others'],
  })
  .refine(({ rates, bucket }) => !rates || bucket === undefined, {
    error: 'wanted no bucket beside it: the curve of one update is at /api/v1/updates/{channel}/{version}',
    path: ['rates'],
  })
  .refine(({ rates, group_by: by }) => !rates || updateNamedBy(by) !== undefined, {
    error: 'wanted group_by to have update_channel and update_version, or driver and driver_version',
    path: ['rates'],
  });
export type AggregatesQuery = z.infer<typeof aggregatesQuerySchema>;

/** Counts what was asked for. Times stay dates: JSON and CSV write both as RFC 3339 with milliseconds. */
export async function readAggregates(store: Store, query: AggregatesQuery) {
  const dimensions = crashDimensions.filter((dimension) => query.group_by.includes(dimension));
  const selection = {
    groupBy: dimensions,
    bucketSeconds: query.bucket,
    filters: { ...query, org_id: orgsAskedFor(store.orgs, query.org_id) },
    since: query.since,
    until: query.until,
    maxRows: query.limit + 1,
    top: query.top,
    hosts: query.hosts,
  };
  const found = await store.ask('aggregate-crashes', (db) => aggregateCrashes(db, selection));
  const shown = found.slice(0, query.limit);
  const others = query.others
    ? await store.ask('count-others', (db) => countOtherCrashes(db, selection, combinationsIn(shown)))
    : [];
  const rates = query.rates ? await ratesOf(store, { ...selection, groupBy: dimensions }, shown) : [];
  return {
    columns: [
      ...(query.bucket === undefined ? [] : ['bucket_start']),
      ...dimensions,
      'crashes',
      'hosts',
      ...(query.others ? ['other'] : []),
      ...(query.rates ? rateColumns : []),
    ],
    rows: [
      ...shown.map((row, index) => ({ ...toRow(row), ...rates[index] })),
      ...others.map((row) => ({ ...toRow(row), other: true })),
    ],
    group_by: dimensions,
    bucket_seconds: query.bucket ?? null,
    hosts_are: found.some(({ hostsEstimated }) => hostsEstimated) ? 'approximate' : 'exact',
    truncated: found.length > query.limit,
  };
}

/** The combinations that are shown, each once. */
function combinationsIn(rows: readonly CrashAggregate[]): Array<CrashAggregate['values']> {
  return [...new Map(rows.map(({ values }) => [JSON.stringify(values), values])).values()];
}

function toRow({ bucketStart, values, crashes, hosts }: CrashAggregate) {
  const { bugcheck_code: code, ...rest } = values;
  return {
    ...(bucketStart && { bucket_start: bucketStart }),
    ...rest,
    ...(code !== undefined && { bugcheck_code: formatStopCode(Number(code)) }),
    crashes,
    hosts,
  };
}
