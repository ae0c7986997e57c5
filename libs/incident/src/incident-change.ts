import { z } from 'zod';
import { incidentActions } from './parse-incident-action';

/** An RFC 3339 instant with milliseconds, in UTC. */
const instant = z.iso.datetime({ offset: true });
const count = z.number().int().nonnegative();

const countedValue = z.object({ value: z.string(), hosts: count });
/** `name`: the symbolic name, where a document has one. */
const countedStopCode = countedValue.extend({ name: z.string().optional() });
const countedSignature = countedValue.extend({
  parts: z.array(z.object({ name: z.string(), value: z.string(), rule: z.string() })),
});
const otherStops = z.object({ kind: z.enum(['manual', 'live_dump', 'hardware']), hosts: count });

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
 * One term of the evidence: a bucket of crashes (a driver, a failure signature, or `*` for any) seen through one channel, with its own ln E.
 * `crashed`: hosts of the bucket that were compared; `observed`: those of them that had applied the suspect. Where nobody
 * tells who applied it, `composition` and `history` compare the hosts that crashed with what was usual before; the smaller
 * statistic of the two has the weight.
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

const interval = { low: z.number(), high: z.number().nullable() };

/**
 * Published methods asked about the leading bucket, beside the verdict and without a say in it; null where one has nothing to
 * say. `maxsprt`: Poisson MaxSPRT at the alpha of the policy, until `horizon` crashed hosts are expected. `rate_ratio`: 95 %
 * interval over all bins and strata. `crash_rate`: crashed hosts to hosts that took the suspect, exact 95 % interval.
 * `information_component`: log2 of how often the bucket goes with the suspect among crashed hosts alone, `low` its 2.5 % bound.
 * `known_rate`: ln E of the gamma-Poisson mixture against the rate that history tells, where hosts could not be compared.
 */
const secondOpinionSchema = z.object({
  maxsprt: z
    .object({ ln_ratio: z.number(), critical_value: z.number(), horizon: z.number(), agrees: z.boolean() })
    .nullable(),
  rate_ratio: z
    .object({
      estimate: z.number().nullable(),
      ...interval,
      method: z.enum(['mantel-haenszel', 'mid-P', 'gamma-mixture']),
    })
    .nullable(),
  crash_rate: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable(),
  information_component: z.object({ value: z.number(), low: z.number() }).nullable(),
  known_rate: z.number().nullable(),
});
export type SecondOpinionShown = z.infer<typeof secondOpinionSchema>;

/**
 * How evenly crashes follow adoption over organisations, regions or OS builds: `spread` is 1 where they do, 1/k where all are
 * in one of k equal parts. `cluster`: the parts that stand out most, with their shares of crashed hosts and of adoption.
 */
const concentrationSchema = z.object({
  by: z.enum(['org', 'region', 'os_build']),
  spread: z.number(),
  cluster: z.array(z.string()),
  cluster_total: count,
  ln_ratio: z.number(),
  affected_share: z.number(),
  exposed_share: z.number(),
});

/**
 * What comes if nothing is done. `hosts_left`: run the channel and have not taken the update; `pace_per_minute`: hosts that took it
 * in the ten minutes before the newest install; `all_by`: when none is left at that pace. `expected_crashed_hosts`: by then, at
 * the least share that the update causes; `saved_by_halting`: those of them that have not taken it yet.
 */
const forecastSchema = z.object({
  hosts_left: count,
  pace_per_minute: z.number(),
  all_by: instant.nullable(),
  expected_crashed_hosts: z.number(),
  saved_by_halting: z.number(),
});

/**
 * How far the decision is from another one. `over_line`: ln E above the line; `control_crashes`: so many more crashed hosts that
 * had not taken the update would bring it under the line (null: none could); `sentences` say it in words.
 */
const whatWouldChangeSchema = z.object({
  over_line: z.number(),
  control_crashes: count.nullable(),
  sentences: z.array(z.string()),
});

/**
 * What the decision rests on. `decided_until`: all that arrived before is in; `crashed_hosts`: of the leading bucket since the update
 * started, `comparable_hosts`: those of them of which it is known whether they run its channel; only these count.
 */
const completenessSchema = z.object({
  decided_until: instant,
  crashed_hosts: count,
  comparable_hosts: count,
  comparable_share: z.number(),
});

/**
 * The reverse test, once it is mitigated: ln E against "it goes on at a quarter or more of `pace_before` (newly crashed hosts a
 * minute)". `observed`: newly crashed hosts since `since`; `expected`: how many there would be at that quarter.
 */
const clearingSchema = z.object({
  since: instant,
  pace_before: z.number(),
  observed: count,
  expected: z.number(),
  last_ten_minutes: count,
  statistic: z.number(),
  threshold: z.number(),
});
export type Clearing = z.infer<typeof clearingSchema>;

/**
 * The numbers behind an incident, enough to redo the decision by hand.
 * `observed`: hosts of the leading bucket that crashed after they had applied the suspect (`crashed_hosts`: by any driver). `expected`: how many of them at the rate of hosts that had not.
 * `relative_risk`: the crash rate ratio with its 95 % interval, valid at any time; `high` is null where it has no upper bound.
 * `statistic`, `threshold`: ln E of the weighted evidence and the line that it crossed, natural logarithms.
 * `leading_bucket`: the bucket that says most; a failure signature, a driver, any crash, or hosts that fell silent.
 * `signatures`: failure signatures of all crashed hosts that had applied the suspect, each with the rules that made its parts;
 * `fine_signatures` adds the place in the driver. `other_stops`: hosts that had applied it and since stopped in a way that is
 * no driver's fault; they count nowhere else.
 * The lists count distinct crashed hosts per value, most first, at most 20 values each (`…_total` says how many there are).
 * Changes that were written before there were second opinions have none.
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
  stop_codes: z.array(countedStopCode),
  stop_codes_total: count,
  signatures: z.array(countedSignature).default([]),
  signatures_total: count.default(0),
  fine_signatures: z.array(countedValue).default([]),
  fine_signatures_total: count.default(0),
  other_stops: z.array(otherStops).default([]),
  leading_bucket: z
    .object({ bucket: z.string(), level: z.enum(['any', 'driver', 'signature', 'silent']) })
    .nullable()
    .default(null),
  statistic: z.number(),
  threshold: z.number(),
  leave_one_org_out: z.number(),
  min_relative_risk: z.number(),
  second_opinion: secondOpinionSchema.optional(),
  concentrations: z.array(concentrationSchema).optional(),
  /** From how many innocent updates of its kind `min_relative_risk` was learned; 0 where it is the setting. */
  learned_from: count.optional(),
  /** The evidence rests on the time before, not on hosts that are alike but for the update. */
  weaker: z.boolean().optional(),
  /** In words, what else should be known: `no update correlated` where there is no suspect, and what could not be judged. */
  note: z.string().optional(),
  terms: z.array(evidenceTermSchema),
  /** Treated crashes that the update causes at least (by the lower bound of the ratio), and hosts at risk: they give the severity. */
  attributable_hosts: z.number().nullable().default(null),
  hosts_at_risk: z.number().nullable().default(null),
  forecast: forecastSchema.nullable().default(null),
  what_would_change: whatWouldChangeSchema.nullable().default(null),
  completeness: completenessSchema.nullable().default(null),
  clearing: clearingSchema.nullable().default(null),
  /** With the all clear: of `recovery_hosts` that crashed after they took it, so many gave a sign of life after their last crash. */
  recovered_hosts: count.nullable().default(null),
  recovery_hosts: count.nullable().default(null),
  /** Hashes of the content that was shipped under this name; several: it was published again under the same name. */
  content_sha256: z.array(z.string()).default([]),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** What somebody did, and when by their clock. */
const personalActionSchema = z.object({
  event_id: z.string(),
  action: z.enum(incidentActions),
  actor: z.string(),
  occurred_at: instant,
  text: z.string(),
});

/** What stopped it: the vendor, or that no host took it any more; and how many had taken it by then. */
const mitigationSchema = z.object({
  at: instant,
  cause: z.enum(['withdrawn', 'paused', 'adoption_stopped']),
  exposed_hosts: count,
});
export type Mitigation = z.infer<typeof mitigationSchema>;

/**
 * Quiet until an arrival time or a number of hosts that crashed or fell silent, whichever comes first. The rest says how things stood when it
 * began: what is worse than that when it ends has to be said.
 */
const muteSchema = z.object({
  since: instant,
  until: instant.nullable(),
  until_hosts: count.nullable(),
  state: z.enum(['open', 'acknowledged', 'mitigating', 'resolved']),
  severity: z.enum(['sev1', 'sev2', 'sev3']),
  affected_hosts: count,
});
export type Mute = z.infer<typeof muteSchema>;

/**
 * One change of one incident: a message of the topic `incidents` and a row of the table of the same name.
 * (`incident_id`, `sequence`) names the change; the same decision always gives the same message.
 * `detected_at` is the tick that decided this change, `opened_at` the tick that opened the incident; both are arrival times.
 */
export const incidentChangeSchema = z.object({
  incident_id: z.string().min(1),
  sequence: z.number().int().positive(),
  state: z.enum(['open', 'acknowledged', 'mitigating', 'resolved']),
  change: z.enum([
    'opened',
    'escalated',
    'updated',
    'mitigated',
    'resolved',
    'reopened',
    'superseded',
    'acknowledged',
    'assigned',
    'commented',
    'muted',
    'unmuted',
  ]),
  severity: z.enum(['sev1', 'sev2', 'sev3']),
  detected_at: instant,
  opened_at: instant,
  first_crash_at: instant.nullable(),
  suspect: suspectSchema,
  /** Best first. Where there is no suspect: updates that can be neither blamed nor cleared, with confidence 0. */
  other_suspects: z.array(suspectSchema),
  separable: z.boolean(),
  superseded_by: z.string().nullable(),
  scope: z.enum(['global', 'regional', 'single_org', 'single_build']),
  signal: z.enum(['crashes', 'silence', 'both']),
  evidence: evidenceSchema,
  recommendation: z.enum(['halt', 'roll_back', 'investigate', 'none']),
  /** Why there is this change, in one sentence. */
  reason: z.string().default(''),
  /** What somebody did, where that is the change. */
  action: personalActionSchema.nullable().default(null),
  acknowledged_at: instant.nullable().default(null),
  acknowledged_by: z.string().nullable().default(null),
  assignee: z.string().nullable().default(null),
  /** True while it is muted: nobody is to be told of this change. */
  muted: z.boolean().default(false),
  mute: muteSchema.nullable().default(null),
  mitigation: mitigationSchema.nullable().default(null),
  resolved_at: instant.nullable().default(null),
  reopened_at: instant.nullable().default(null),
});
export type IncidentChange = z.infer<typeof incidentChangeSchema>;
/** A change as it may be put together: what is not said has its plain value. */
export type IncidentDraft = z.input<typeof incidentChangeSchema>;

export type IncidentState = IncidentChange['state'];
export type Severity = IncidentChange['severity'];
