import { z } from 'zod';
import { crashFilterFields, isRange, notARange } from './crash-filter-fields';
import { bucketField, hostsField, limitField } from './query-fields';

export const driversQuerySchema = z
  .strictObject({
    ...crashFilterFields,
    hosts: hostsField.default('approximate').meta({
      description:
        'approximate (the default) lets hosts be estimated, with a standard error of 0.3 %, where that is faster; `hosts_are` says whether they were',
    }),
    limit: limitField(1_000, 100).meta({ description: 'most drivers to answer' }),
  })
  .refine(isRange, notARange);
export type DriversQuery = z.infer<typeof driversQuerySchema>;

export const driverParamsSchema = z.strictObject({
  driver: z.string().meta({ description: 'image name, in any case', examples: ['csagent.sys'] }),
});

export const driverQuerySchema = z
  .strictObject({
    since: crashFilterFields.since,
    until: crashFilterFields.until,
    bucket: bucketField
      .default(3_600)
      .meta({ description: 'width of a point of the curve (default 1h)', examples: ['5m'] }),
  })
  .refine(isRange, notARange);
export type DriverQuery = z.infer<typeof driverQuerySchema>;

const count = z.number().int();
const instant = z.iso.datetime();
const summary = {
  driver: z.string(),
  crashes: count,
  hosts: count.meta({ description: 'distinct hosts' }),
  versions: count.meta({ description: 'versions of it that crashed' }),
  updates: count.meta({ description: 'updates that it had loaded' }),
  first_crash_at: instant,
  last_crash_at: instant,
};
const example = {
  driver: 'csagent.sys',
  crashes: 5010,
  hosts: 1110,
  versions: 1,
  updates: 2,
  first_crash_at: '2024-07-19T04:10:12.000Z',
  last_crash_at: '2024-07-19T05:27:11.000Z',
};

export const driversSchema = z
  .object({
    drivers: z.array(z.object(summary)),
    hosts_are: z
      .enum(['exact', 'approximate'])
      .meta({ description: 'approximate when any of the hosts is an estimate' }),
    truncated: z.boolean(),
  })
  .meta({
    description: 'Drivers that crashes blame, those of most hosts first.',
    examples: [{ drivers: [example], hosts_are: 'exact', truncated: false }],
  });

const counts = { crashes: count, hosts: count };
const rate = z
  .object({
    exposed_hosts: count,
    crashed_exposed_hosts: count,
    crashed_per_1000: z.number().nullable(),
    crashed_per_1000_low: z.number().nullable(),
    crashed_per_1000_high: z.number().nullable(),
  })
  .meta({ description: 'hosts that took this build and crashed with it; null where nobody told to have taken it' });

export const driverSchema = z
  .object({
    ...summary,
    by_version: z
      .array(z.object({ driver_version: z.string(), ...counts, rate }))
      .meta({ description: 'most crashes first, at most 100' }),
    by_update: z
      .array(z.object({ update_channel: z.string(), update_version: z.string(), ...counts, rate }))
      .meta({ description: 'content that it had loaded; most crashes first, at most 100' }),
    bucket_seconds: count,
    curve: z
      .array(z.object({ bucket_start: instant, driver_version: z.string().nullable(), ...counts }))
      .meta({ description: 'crashes by bucket and version, the ten largest versions; null is all others' }),
    curve_truncated: z.boolean(),
  })
  .meta({
    description: 'One driver: its versions, what it had loaded, and its crashes over time.',
    examples: [
      {
        ...example,
        by_version: [
          {
            driver_version: '7.11.18110.0',
            crashes: 5010,
            hosts: 1110,
            rate: {
              exposed_hosts: 0,
              crashed_exposed_hosts: 0,
              crashed_per_1000: null,
              crashed_per_1000_low: null,
              crashed_per_1000_high: null,
            },
          },
        ],
        by_update: [
          {
            update_channel: 'channel-file-291',
            update_version: 'C-00000291-00000000-00000032',
            crashes: 5010,
            hosts: 1110,
            rate: {
              exposed_hosts: 1600,
              crashed_exposed_hosts: 1110,
              crashed_per_1000: 693.75,
              crashed_per_1000_low: 670.501,
              crashed_per_1000_high: 716.307,
            },
          },
        ],
        bucket_seconds: 3600,
        curve: [
          { bucket_start: '2024-07-19T04:00:00.000Z', driver_version: '7.11.18110.0', crashes: 2010, hosts: 990 },
        ],
        curve_truncated: false,
      },
    ],
  });
