import { z } from 'zod';

/** An RFC 3339 instant with milliseconds, in UTC. */
const instant = z.iso.datetime({ offset: true });
const count = z.number().int().nonnegative();

const countedValue = z.object({ value: z.string(), hosts: count });

/** An update that may be to blame. `confidence` is its share of the posterior over all updates under way and "none of them". */
export const suspectSchema = z.object({
  update_channel: z.string(),
  update_version: z.string(),
  driver: z.string(),
  driver_version: z.string(),
  shipped_at: instant.nullable(),
  confidence: z.number().min(0).max(1),
});
export type Suspect = z.infer<typeof suspectSchema>;

/**
 * One term of the evidence: a bucket of crashes (a driver, or `*` for any) seen through one channel, with its own ln E.
 * `crashed`: hosts of the bucket that were compared; `observed`: those of them that had applied the suspect.
 */
const evidenceTermSchema = z.object({
  channel: z.enum(['concurrent', 'composition', 'history', 'silence']),
  bucket: z.string(),
  weight: z.number(),
  crashed: count,
  observed: count,
  expected: z.number().nullable(),
  statistic: z.number(),
});
export type EvidenceTerm = z.infer<typeof evidenceTermSchema>;

/**
 * The numbers behind an incident, enough to redo the decision by hand.
 * `observed`: hosts of the leading bucket that crashed after they had applied the suspect (`crashed_hosts`: by any driver). `expected`: how many of them at the rate of hosts that had not.
 * `relative_risk`: the crash rate ratio with its 95 % interval, valid at any time; `high` is null where it has no upper bound.
 * `statistic`, `threshold`: ln E of the weighted evidence and the line that it crossed, natural logarithms.
 * The lists count distinct crashed hosts per value, most first, at most 20 values each (`…_total` says how many there are).
 */
export const evidenceSchema = z.object({
  observed: count,
  expected: z.number(),
  relative_risk: z.object({ estimate: z.number(), low: z.number(), high: z.number().nullable() }),
  exposed_hosts: count,
  eligible_hosts: count,
  crashed_hosts: count,
  silent_hosts: count,
  crash_looping_hosts: count,
  countries: z.array(countedValue),
  countries_total: count,
  orgs: z.array(countedValue),
  orgs_total: count,
  os_builds: z.array(countedValue),
  os_builds_total: count,
  stop_codes: z.array(countedValue),
  stop_codes_total: count,
  statistic: z.number(),
  threshold: z.number(),
  leave_one_org_out: z.number(),
  min_relative_risk: z.number(),
  terms: z.array(evidenceTermSchema),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/**
 * One change of one incident: a message of the topic `incidents` and a row of the table of the same name.
 * (`incident_id`, `sequence`) names the change; the same decision always gives the same message.
 * `detected_at` is the tick that decided this change, `opened_at` the tick that opened the incident; both are arrival times.
 */
export const incidentChangeSchema = z.object({
  incident_id: z.string().min(1),
  sequence: z.number().int().positive(),
  state: z.enum(['open', 'acknowledged', 'mitigating', 'resolved']),
  change: z.enum(['opened', 'escalated', 'updated', 'mitigated', 'resolved', 'reopened', 'superseded']),
  severity: z.enum(['sev1', 'sev2', 'sev3']),
  detected_at: instant,
  opened_at: instant,
  first_crash_at: instant.nullable(),
  suspect: suspectSchema,
  other_suspects: z.array(suspectSchema),
  separable: z.boolean(),
  superseded_by: z.string().nullable(),
  scope: z.enum(['global', 'regional', 'single_org', 'single_build']),
  signal: z.enum(['crashes', 'silence', 'both']),
  evidence: evidenceSchema,
  recommendation: z.enum(['halt', 'roll_back', 'investigate', 'none']),
});
export type IncidentChange = z.infer<typeof incidentChangeSchema>;

export type IncidentState = IncidentChange['state'];
export type Severity = IncidentChange['severity'];
