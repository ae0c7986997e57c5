import { hostStates } from '@ringwatch/clickhouse';
import { incidentChangeSchema } from '@ringwatch/incident';
import { z } from 'zod';
import { orgIncidentSchema } from './org-view';
import { cursorField, formatField, limitField, repeatable, valueField } from './query-fields';

const { state, severity } = incidentChangeSchema.shape;

export const incidentsQuerySchema = z.strictObject({
  state: repeatable(z.enum(state.options, { error: `wanted one of ${state.options.join(', ')}` })).meta({
    description: 'only incidents in one of these states',
    examples: [['open', 'mitigating']],
  }),
  severity: repeatable(z.enum(severity.options, { error: `wanted one of ${severity.options.join(', ')}` })),
  channel: repeatable(valueField(160)).meta({
    description: 'only incidents whose suspect is on one of these channels',
  }),
  limit: limitField(1_000, 50),
  cursor: cursorField.meta({ description: 'next_cursor of the page before' }),
});
export type IncidentsQuery = z.infer<typeof incidentsQuerySchema>;

export const incidentParamsSchema = z.strictObject({
  id: z.string().meta({ description: 'incident_id', examples: ['inc-5b0c1f2a'] }),
});

export const incidentHostsQuerySchema = z.strictObject({
  state: repeatable(z.enum(hostStates, { error: `wanted one of ${hostStates.join(', ')}` })).meta({
    description: 'only hosts in one of these states',
    examples: [['crashing', 'silent']],
  }),
  org_id: repeatable(valueField(128)),
  country: repeatable(valueField(2).transform((code) => code.toUpperCase())),
  os_build: repeatable(valueField(64)),
  limit: limitField(10_000, 1_000),
  cursor: cursorField.meta({ description: 'next_cursor of the page before' }),
  format: formatField.meta({ description: 'json (the default) or csv; wins over the Accept header' }),
});
export type IncidentHostsQuery = z.infer<typeof incidentHostsQuerySchema>;

const exampleSuspect = {
  update_channel: 'channel-file-291',
  update_version: 'C-00000291-00000000-00000032',
  driver: 'csagent.sys',
  driver_version: '7.11.18110.0',
  shipped_at: '2024-07-19T04:09:00.000Z',
  confidence: 0.99,
};
const exampleIncident = incidentChangeSchema.parse({
  incident_id: 'inc-5b0c1f2a',
  sequence: 1,
  state: 'open',
  change: 'opened',
  severity: 'sev1',
  detected_at: '2024-07-19T04:11:20.000Z',
  opened_at: '2024-07-19T04:11:20.000Z',
  first_crash_at: '2024-07-19T04:10:12.000Z',
  suspect: exampleSuspect,
  other_suspects: [],
  separable: true,
  superseded_by: null,
  scope: 'global',
  signal: 'crashes',
  evidence: {
    observed: 31,
    expected: 0.2,
    relative_risk: { estimate: 155, low: 41.2, high: 590.4 },
    exposed_hosts: 214,
    eligible_hosts: 2400,
    crashed_hosts: 31,
    silent_hosts: 0,
    crash_looping_hosts: 0,
    countries: [{ value: 'US', hosts: 9 }],
    countries_total: 5,
    orgs: [{ value: 'org-7', hosts: 3 }],
    orgs_total: 22,
    os_builds: [{ value: '10.0.22631.3880', hosts: 18 }],
    os_builds_total: 2,
    stop_codes: [{ value: '0x00000050', hosts: 31 }],
    stop_codes_total: 1,
    statistic: 21.4,
    threshold: 13.8,
    leave_one_org_out: 19.7,
    min_relative_risk: 2,
    learned_from: 0,
    weaker: false,
    note: '',
    terms: [],
  },
  recommendation: 'halt',
  reason: '31 hosts crashed, 0.2 expected: ln E 21.4 over the line of 13.8',
});

/** Whole, or what a key for some organisations sees of it. */
const seenIncident = z.union([incidentChangeSchema, orgIncidentSchema]);

export const incidentsSchema = z.object({ incidents: z.array(seenIncident), next_cursor: z.string().nullable() }).meta({
  description: 'Incidents in their latest state, last opened first. Each is the message of the topic `incidents`.',
  examples: [{ incidents: [exampleIncident], next_cursor: null }],
});

export const incidentSchema = z
  .object({
    incident: seenIncident,
    changes: z.array(seenIncident),
    stop_code_names: z
      .record(z.string(), z.string())
      .meta({ description: 'symbolic names of the stop codes in the evidence' }),
  })
  .meta({
    description: 'The latest change of one incident, and every change in order.',
    examples: [
      {
        incident: exampleIncident,
        changes: [exampleIncident],
        stop_code_names: { '0x00000050': 'PAGE_FAULT_IN_NONPAGED_AREA' },
      },
    ],
  });

const instant = z.iso.datetime();
const count = z.number().int();
export const incidentHostsSchema = z
  .object({
    hosts: z.array(
      z.object({
        host_id: z.string(),
        state: z.enum(hostStates).meta({
          description:
            'crashing: its last word is a crash; silent: fell quiet within a day of applying, for longer than its pace; back: has lived ten minutes beyond its last crash, or gave a sign of life after it was silent',
        }),
        org_id: z.string(),
        country: z.string(),
        os_build: z.string(),
        applied_at: instant,
        first_crash_at: instant.nullable(),
        last_crash_at: instant.nullable().meta({ description: 'null where it reported no crash' }),
        crashes: count,
        names_suspect: z.boolean().meta({ description: 'whether one of its crashes names the suspect' }),
        last_sign_at: instant.meta({ description: 'last sign of life: a heartbeat or an install' }),
        last_seen_at: instant.meta({ description: 'last that was heard of it, a crash included' }),
      }),
    ),
    counts: z
      .object({ crashing: count, silent: count, back: count })
      .meta({ description: 'hosts by state, under the same filters but `state`; null on all pages but the first' })
      .nullable(),
    returns_from: z
      .enum(['heartbeats', 'detector'])
      .meta({
        description:
          'how it is known which hosts were silent and are back: by the heartbeats of all, or, where these are too many, of ' +
          'those that the detector noted as silent, which are in its sample; null in an empty store',
      })
      .nullable(),
    as_of: instant.nullable().meta({ description: 'event time of which this is told; null in an empty store' }),
    next_cursor: z.string().nullable(),
  })
  .meta({
    description: 'Hosts that went down after they applied the suspect, by host_id.',
    examples: [
      {
        hosts: [
          {
            host_id: 'host-00017',
            state: 'crashing',
            org_id: 'org-17',
            country: 'GB',
            os_build: '10.0.22631.3880',
            applied_at: '2024-07-19T04:09:31.000Z',
            first_crash_at: '2024-07-19T04:10:40.000Z',
            last_crash_at: '2024-07-19T04:31:02.000Z',
            crashes: 5,
            names_suspect: true,
            last_sign_at: '2024-07-19T04:30:12.000Z',
            last_seen_at: '2024-07-19T04:31:02.000Z',
          },
        ],
        counts: { crashing: 1027, silent: 104, back: 30 },
        returns_from: 'heartbeats' as const,
        as_of: '2024-07-19T05:27:00.000Z',
        next_cursor: null,
      },
    ],
  });
