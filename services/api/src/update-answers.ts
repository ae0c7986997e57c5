import { z } from 'zod';
import {
  bucketField,
  cursorField,
  flagField,
  formatField,
  limitField,
  repeatable,
  valueField,
  wordsField,
} from './query-fields';

const verdicts = ['go', 'hold', 'halt'] as const;

export const updatesQuerySchema = z.strictObject({
  channel: repeatable(valueField(160)).meta({
    description: 'only updates on one of these channels',
    examples: [['channel-file-291']],
  }),
  driver: repeatable(valueField(128).transform((name) => name.toLowerCase())).meta({
    description: 'only updates that one of these images loads, in any case',
    examples: [['csagent.sys']],
  }),
  vendor: repeatable(valueField(128)).meta({ description: 'only updates of one of these vendors' }),
  verdict: repeatable(z.enum(verdicts, { error: `wanted one of ${verdicts.join(', ')}` })).meta({
    description: 'only updates with one of these verdicts',
    examples: [['hold', 'halt']],
  }),
  under_way: flagField.meta({
    description:
      'only updates that are neither paused nor withdrawn and that a host took, or the vendor shipped or widened, within the ' +
      'three days before the newest event',
  }),
  q: wordsField.meta({
    description: 'only updates with all of these words in their channel, version, driver, title or vendor, in any case',
    examples: ['csagent 32'],
  }),
  limit: limitField(200, 50).meta({ description: 'most updates to answer' }),
  cursor: cursorField.meta({ description: 'next_cursor of the page before' }),
  format: formatField.meta({ description: 'json (the default) or csv; wins over the Accept header' }),
});

export type UpdatesQuery = z.infer<typeof updatesQuerySchema>;

export const updateParamsSchema = z.strictObject({
  channel: z.string().meta({ description: 'update_channel, URL-encoded', examples: ['channel-file-291'] }),
  version: z.string().meta({ description: 'update_version, URL-encoded', examples: ['C-00000291-00000000-00000032'] }),
});

export const updateQuerySchema = z.strictObject({
  bucket: bucketField
    .optional()
    .meta({ description: 'width of a point of the curve; chosen to give at most 400 points', examples: ['5m'] }),
});

export const gateQuerySchema = z.strictObject({
  pass: z
    .enum(['go', 'halt'], { error: 'wanted go or halt' })
    .default('go')
    .meta({ description: 'the verdict that opens the gate: go to go on (the default), halt for what rolls back' }),
});

/** What Flagger sends with its hooks; any object will do, and nothing of it is used. */
export const gateBodySchema = z.looseObject({}).meta({
  description: 'What a rollout tool sends along; nothing of it is used.',
  examples: [{ name: 'sensor', phase: 'Progressing' }],
});

const count = z.number().int();
const instant = z.iso.datetime();
const key = { update_channel: z.string(), update_version: z.string() };
const rates = {
  applied_hosts: count.meta({ description: 'distinct hosts that applied it' }),
  crashed_hosts: count.meta({ description: 'of these, hosts that crashed within 14 days of it, whatever the driver' }),
  crashed_per_1000: z.number().nullable().meta({ description: 'crashed_hosts per 1,000 applied_hosts' }),
  crashed_per_1000_low: z.number().nullable().meta({ description: 'lower end of its exact 95 % interval' }),
  crashed_per_1000_high: z.number().nullable().meta({ description: 'upper end of its exact 95 % interval' }),
};
const namingRate = {
  crashed_hosts_naming_it: count.meta({
    description: 'of the crashed hosts, those with a crash that names this update',
  }),
  naming_it_per_1000: z.number().nullable(),
};
const verdict = z.enum(verdicts);
const reason = z.enum(['open_incident', 'not_separable', 'withdrawn', 'insufficient_data', 'no_incident']);

const relativeRisk = z.object({ estimate: z.number(), low: z.number(), high: z.number().nullable() });
const judgement = z
  .object({
    judged_at: instant.meta({ description: 'arrival time at which the detector looked, every ten minutes' }),
    standing: z.enum(['insufficient', 'unremarkable', 'watch', 'alarm', 'reduces']).meta({
      description:
        'watch: worth a look, too little to wake anyone; alarm: over the line; reduces: hosts with it crash less; insufficient: nothing could be compared yet',
    }),
    statistic: z.number().meta({ description: 'ln E of the evidence against it' }),
    threshold: z.number().meta({ description: 'the line of the alarm' }),
    observed: count.meta({ description: 'crashed hosts that had applied it' }),
    expected: z.number().meta({ description: 'how many at the rate of hosts that had not' }),
    relative_risk: relativeRisk.nullable().meta({ description: 'null while the evidence speaks for neither side' }),
    min_relative_risk: z.number().meta({ description: 'the ratio that an innocent update may have' }),
    exposed_hosts: count,
  })
  .nullable();

const summary = {
  ...key,
  driver: z.string().nullable(),
  title: z.string().nullable(),
  vendor: z.string().nullable(),
  replaces: z.string().nullable(),
  ring: z.string().nullable(),
  target_fraction: z.number().nullable(),
  shipped_at: instant.nullable(),
  withdrawn_at: instant.nullable(),
  last_action: z.enum(['shipped', 'expanded', 'paused', 'withdrawn']).nullable(),
  last_action_at: instant.nullable(),
  first_heard_at: instant.meta({
    description: 'arrival time of the first that was heard of it; the list is sorted by it',
  }),
  first_applied_at: instant.nullable(),
  eligible_hosts: count.meta({ description: 'hosts known to run this channel, whatever the version' }),
  ...rates,
  verdict,
  verdict_reason: reason,
  judgement,
  open_incident_id: z.string().nullable(),
};

/** The columns of the list of updates, in the order of its CSV. */
export const updateColumns = [...Object.keys(summary).filter((name) => name !== 'judgement'), 'standing'];

const exampleKey = { update_channel: 'channel-file-291', update_version: 'C-00000291-00000000-00000032' };
const exampleRates = {
  applied_hosts: 1600,
  crashed_hosts: 1161,
  crashed_per_1000: 725.625,
  crashed_per_1000_low: 703.019,
  crashed_per_1000_high: 747.369,
};
const exampleNamingRate = { crashed_hosts_naming_it: 1110, naming_it_per_1000: 693.75 };
const exampleJudgement = {
  judged_at: '2024-07-19T04:30:00.000Z',
  standing: 'alarm' as const,
  statistic: 5210.4,
  threshold: 13.8155,
  observed: 1110,
  expected: 2.4,
  relative_risk: { estimate: 462.5, low: 180.2, high: 1020.7 },
  min_relative_risk: 3,
  exposed_hosts: 1600,
};
const exampleSummary = {
  ...exampleKey,
  driver: 'csagent.sys',
  title: 'Rapid response content',
  vendor: 'CrowdStrike',
  replaces: 'C-00000291-00000000-00000031',
  ring: null,
  target_fraction: 1,
  shipped_at: '2024-07-19T04:09:00.000Z',
  withdrawn_at: null,
  last_action: 'shipped',
  last_action_at: '2024-07-19T04:09:00.000Z',
  first_heard_at: '2024-07-19T04:09:01.000Z',
  first_applied_at: '2024-07-19T04:09:30.000Z',
  eligible_hosts: 2400,
  ...exampleRates,
  verdict: 'halt',
  verdict_reason: 'open_incident',
  judgement: exampleJudgement,
  open_incident_id: 'inc-5b0c1f2a',
};

export const updatesSchema = z
  .object({ updates: z.array(z.object(summary)), next_cursor: z.string().nullable() })
  .meta({ description: 'Updates, newest first.', examples: [{ updates: [exampleSummary], next_cursor: null }] });

export const updateSchema = z
  .object({
    ...summary,
    ...namingRate,
    actions: z.array(
      z.object({
        at: instant,
        action: z.string(),
        ring: z.string().nullable(),
        target_fraction: z.number().nullable(),
      }),
    ),
    bucket_seconds: count,
    curve: z
      .array(
        z.object({
          bucket_start: instant,
          applied_hosts: count.meta({ description: 'hosts that had applied it by the end of the bucket' }),
          crashes: count.meta({ description: 'crashes in the bucket of hosts that had applied it' }),
          crashed_hosts: count,
          crashed_per_1000: z
            .number()
            .nullable()
            .meta({ description: 'crashed_hosts per 1,000 applied_hosts, in this bucket alone' }),
          crashed_per_1000_low: z.number().nullable().meta({ description: 'lower end of its exact 95 % interval' }),
          crashed_per_1000_high: z.number().nullable().meta({ description: 'upper end of its exact 95 % interval' }),
          sampled_hosts: count.nullable().meta({
            description:
              "hosts that beat, are in the detector's sample and had applied it by the end of the bucket; null where there are none",
          }),
          silent_hosts: count.nullable().meta({
            description:
              'of the sampled hosts, those that had fallen silent within 14 days of it, whether or not they came back',
          }),
          silent_per_1000: z.number().nullable().meta({ description: 'silent_hosts per 1,000 sampled_hosts' }),
        }),
      )
      .meta({ description: 'adoption, crashes and silence on one axis of event time, without gaps' }),
  })
  .meta({
    description: 'One update with its adoption curve.',
    examples: [
      {
        ...exampleSummary,
        ...exampleNamingRate,
        actions: [{ at: '2024-07-19T04:09:00.000Z', action: 'shipped', ring: null, target_fraction: 1 }],
        bucket_seconds: 60,
        curve: [
          {
            bucket_start: '2024-07-19T04:10:00.000Z',
            applied_hosts: 458,
            crashes: 251,
            crashed_hosts: 249,
            crashed_per_1000: 543.668,
            crashed_per_1000_low: 496.805,
            crashed_per_1000_high: 589.968,
            sampled_hosts: 458,
            silent_hosts: 96,
            silent_per_1000: 209.607,
          },
        ],
      },
    ],
  });

export const verdictSchema = z
  .object({
    ...key,
    verdict,
    reason,
    explanation: z.string(),
    evidence: z.object({
      ...rates,
      ...namingRate,
      min_applied_hosts: count.meta({ description: 'hosts that must have applied it before the verdict can be go' }),
      judgement,
      incident: z
        .object({
          incident_id: z.string(),
          state: z.string(),
          severity: z.string(),
          confidence: z.number(),
          recommendation: z.string(),
          observed: z.number(),
          expected: z.number(),
          relative_risk: relativeRisk,
        })
        .nullable(),
    }),
  })
  .meta({
    description: 'Whether a rollout may go on. Too little data is `hold`, never `go`.',
    examples: [
      {
        ...exampleKey,
        verdict: 'halt',
        reason: 'open_incident',
        explanation: 'sev1 incident is open: 1110 of 1600 hosts that applied it crashed, 2.4 expected',
        evidence: {
          ...exampleRates,
          ...exampleNamingRate,
          min_applied_hosts: 100,
          judgement: exampleJudgement,
          incident: {
            incident_id: 'inc-5b0c1f2a',
            state: 'open',
            severity: 'sev1',
            confidence: 0.99,
            recommendation: 'halt',
            observed: 1110,
            expected: 2.4,
            relative_risk: { estimate: 462.5, low: 180.2, high: 1020.7 },
          },
        },
      },
    ],
  });
