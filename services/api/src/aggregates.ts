import { formatStopCode } from '@ringwatch/bugcheck';
import { type CrashAggregate, aggregateCrashes, crashDimensions } from '@ringwatch/clickhouse';
import { z } from 'zod';
import {
  bucketField,
  formatField,
  instantField,
  limitField,
  repeatable,
  stopCodeField,
  valueField,
} from './query-fields';
import type { Store } from './store';

const MAX_ROWS = 10_000;

const MAX_TOP = 1_000;

const topField = z.coerce
  .number({ error: `wanted a whole number from 1 to ${MAX_TOP}` })
  .int({ error: `wanted a whole number from 1 to ${MAX_TOP}` })
  .min(1, { error: 'wanted at least 1' })
  .max(MAX_TOP, { error: `wanted at most ${MAX_TOP}` })
  .optional();

const hostsField = z.enum(['exact', 'approximate'], { error: 'wanted exact or approximate' }).default('exact');

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
    since: instantField
      .optional()
      .meta({ description: 'only crashes with occurred_at at or after this time', examples: ['2024-07-19T04:00:00Z'] }),
    until: instantField
      .optional()
      .meta({ description: 'only crashes with occurred_at before this time', examples: ['2024-07-19T06:00:00Z'] }),
    driver: repeatable(valueField(128).transform((name) => name.toLowerCase())).meta({
      description: 'only crashes that blame one of these images, in any case',
      examples: [['csagent.sys']],
    }),
    driver_version: repeatable(valueField(64)),
    update_channel: repeatable(valueField(160)),
    update_version: repeatable(valueField(64)),
    bugcheck_code: repeatable(stopCodeField).meta({
      description: 'only these stop codes: 0x50, 0x00000050 and 80 are the same',
      examples: [['0x50']],
    }),
    country: repeatable(valueField(2).transform((code) => code.toUpperCase())),
    org_id: repeatable(valueField(128)),
    os_build: repeatable(valueField(64)),
    top: topField.meta({
      description:
        'only the so many combinations with the most crashes in the whole range; with a bucket, these in each bucket',
      examples: [20],
    }),
    hosts: hostsField.meta({
      description: 'exact (the default), or approximate: faster over hours and days, with a standard error of 0.3 %',
    }),
    limit: limitField(MAX_ROWS, 1_000).meta({ description: 'most rows to answer' }),
    format: formatField.meta({ description: 'json (the default) or csv; wins over the Accept header' }),
  })
  .refine(({ since, until }) => since === undefined || until === undefined || since < until, {
    error: 'wanted until to be after since',
    path: ['until'],
  });
export type AggregatesQuery = z.infer<typeof aggregatesQuerySchema>;

const dimensionFields = {
  driver: z.string().optional(),
  driver_version: z.string().optional(),
  update_channel: z.string().optional(),
  update_version: z.string().optional(),
  bugcheck_code: z
    .string()
    .regex(/^0x[0-9A-F]{8}$/)
    .optional(),
  country: z.string().optional(),
  org_id: z.string().optional(),
  os_build: z.string().optional(),
};

export const aggregatesSchema = z
  .object({
    rows: z.array(
      z.object({
        bucket_start: z.iso.datetime().optional(),
        ...dimensionFields,
        crashes: z.number().int().meta({ description: 'distinct events' }),
        hosts: z.number().int().meta({ description: 'distinct host_id; does not add up over rows' }),
      }),
    ),
    group_by: z.array(z.enum(crashDimensions)),
    bucket_seconds: z.number().int().nullable(),
    hosts_are: z.enum(['exact', 'approximate']).meta({
      description: 'approximate when any of the hosts is an estimate, which it is only if that was asked for',
    }),
    truncated: z.boolean().meta({ description: 'whether there are more rows than the limit let through' }),
  })
  .meta({
    description:
      'Crashes, exactly counted, and hosts, as `hosts_are` says. A row has the dimensions that were asked for.',
    examples: [
      {
        rows: [
          { bucket_start: '2024-07-19T04:10:00.000Z', driver: 'csagent.sys', crashes: 251, hosts: 249 },
          { bucket_start: '2024-07-19T04:15:00.000Z', driver: 'csagent.sys', crashes: 426, hosts: 406 },
        ],
        group_by: ['driver'],
        bucket_seconds: 300,
        hosts_are: 'exact',
        truncated: false,
      },
    ],
  });

/** Counts what was asked for. Times stay dates: JSON and CSV write both as RFC 3339 with milliseconds. */
export async function readAggregates(store: Store, query: AggregatesQuery) {
  const dimensions = crashDimensions.filter((dimension) => query.group_by.includes(dimension));
  const found = await store.ask('aggregate-crashes', (db) =>
    aggregateCrashes(db, {
      groupBy: dimensions,
      bucketSeconds: query.bucket,
      filters: query,
      since: query.since,
      until: query.until,
      maxRows: query.limit + 1,
      top: query.top,
      hosts: query.hosts,
    }),
  );
  return {
    columns: [...(query.bucket === undefined ? [] : ['bucket_start']), ...dimensions, 'crashes', 'hosts'],
    rows: found.slice(0, query.limit).map(toRow),
    group_by: dimensions,
    bucket_seconds: query.bucket ?? null,
    hosts_are: found.some(({ hostsEstimated }) => hostsEstimated) ? 'approximate' : 'exact',
    truncated: found.length > query.limit,
  };
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
