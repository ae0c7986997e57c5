import { z } from 'zod';
import { crashFilterFields, isRange, notARange } from './crash-filter-fields';
import { limitField } from './query-fields';

export const signaturesQuerySchema = z
  .strictObject({
    ...crashFilterFields,
    limit: limitField(1_000, 100).meta({ description: 'most signatures to answer' }),
  })
  .refine(isRange, notARange);
export type SignaturesQuery = z.infer<typeof signaturesQuerySchema>;

export const rangeQuerySchema = z
  .strictObject({ since: crashFilterFields.since, until: crashFilterFields.until })
  .refine(isRange, notARange);

export const signatureParamsSchema = z.strictObject({
  signature: z.string().meta({
    description: 'the text of the signature, URL-encoded',
    examples: ['0x50 PAGE_FAULT_IN_NONPAGED_AREA | csagent.sys | read'],
  }),
});

const count = z.number().int();
const summary = {
  signature: z.string(),
  parts: z
    .array(z.object({ name: z.enum(['stop_code', 'driver', 'subtype']), value: z.string(), rule: z.string() }))
    .meta({ description: 'what the signature is made of, each part with the rule that made it' }),
  crashes: count,
  hosts: count.meta({ description: 'distinct hosts' }),
  first_crash_at: z.iso.datetime(),
  last_crash_at: z.iso.datetime(),
};
const example = {
  signature: '0x50 PAGE_FAULT_IN_NONPAGED_AREA | csagent.sys | read',
  parts: [
    { name: 'stop_code' as const, value: '0x50 PAGE_FAULT_IN_NONPAGED_AREA', rule: 'stop_code' },
    { name: 'driver' as const, value: 'csagent.sys', rule: 'blamed_driver' },
    { name: 'subtype' as const, value: 'read', rule: 'named_parameter' },
  ],
  crashes: 5010,
  hosts: 1110,
  first_crash_at: '2024-07-19T04:10:12.000Z',
  last_crash_at: '2024-07-19T05:27:11.000Z',
};

export const signaturesSchema = z
  .object({
    signatures: z.array(z.object(summary)),
    truncated: z.boolean().meta({ description: 'whether there are more' }),
  })
  .meta({
    description: 'Failure signatures, those of most hosts first.',
    examples: [{ signatures: [example], truncated: false }],
  });

const shares = z.array(z.object({ value: z.string(), crashes: count, hosts: count }));
export const signatureSchema = z
  .object({
    ...summary,
    stop_codes: z.array(z.string()),
    drivers: z.array(z.string()),
    updates: z
      .array(z.object({ update_channel: z.string(), update_version: z.string(), crashes: count, hosts: count }))
      .meta({
        description: 'content that was loaded; like the lists below at most 20 values, those of most hosts first',
      }),
    driver_versions: shares,
    os_builds: shares,
    countries: shares,
    orgs: shares,
  })
  .meta({
    description: 'One failure signature: what it is made of, and where it is seen.',
    examples: [
      {
        ...example,
        stop_codes: ['0x00000050'],
        drivers: ['csagent.sys'],
        updates: [
          {
            update_channel: 'channel-file-291',
            update_version: 'C-00000291-00000000-00000032',
            crashes: 5010,
            hosts: 1110,
          },
        ],
        driver_versions: [{ value: '7.11.18110.0', crashes: 5010, hosts: 1110 }],
        os_builds: [{ value: '10.0.22631.3880', crashes: 3010, hosts: 700 }],
        countries: [{ value: 'US', crashes: 2010, hosts: 450 }],
        orgs: [{ value: 'org-7', crashes: 110, hosts: 21 }],
      },
    ],
  });
