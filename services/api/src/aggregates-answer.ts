import { crashDimensions } from '@ringwatch/clickhouse';
import { z } from 'zod';

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

const rateFields = {
  exposed_hosts: z
    .number()
    .int()
    .optional()
    .meta({ description: 'with `rates`: hosts that applied the update of the row' }),
  crashed_exposed_hosts: z
    .number()
    .int()
    .optional()
    .meta({ description: 'with `rates`: of `hosts`, those that had applied it before they crashed' }),
  crashed_per_1000: z
    .number()
    .nullable()
    .optional()
    .meta({ description: 'crashed_exposed_hosts per 1,000 exposed_hosts; null where nobody told to have applied it' }),
  crashed_per_1000_low: z.number().nullable().optional().meta({ description: 'lower end of the exact 95 % interval' }),
  crashed_per_1000_high: z.number().nullable().optional().meta({ description: 'upper end of the exact 95 % interval' }),
};

export const aggregatesSchema = z
  .object({
    rows: z.array(
      z.object({
        bucket_start: z.iso.datetime().optional(),
        ...dimensionFields,
        crashes: z.number().int().meta({ description: 'distinct events' }),
        hosts: z.number().int().meta({ description: 'distinct host_id; does not add up over rows' }),
        other: z.literal(true).optional().meta({ description: 'the row is all that is beside the largest' }),
        ...rateFields,
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
