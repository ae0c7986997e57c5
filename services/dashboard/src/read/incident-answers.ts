import type { Ratio } from './answers';

/** An incident as the api answers it: one message of the topic `incidents`, as far as the pages read it. */
export interface Incident {
  incident_id: string;
  sequence: number;
  state: 'open' | 'acknowledged' | 'mitigating' | 'resolved';
  change: string;
  severity: 'sev1' | 'sev2' | 'sev3';
  detected_at: string;
  opened_at: string;
  first_crash_at: string | null;
  suspect: Suspect;
  other_suspects: Suspect[];
  separable: boolean;
  superseded_by: string | null;
  scope: string;
  signal: 'crashes' | 'silence' | 'both';
  evidence: Evidence;
  recommendation: 'halt' | 'roll_back' | 'investigate' | 'none';
  /** Why there is this change, in one sentence. */
  reason: string;
  /** What somebody did, where that is the change. */
  action: { actor: string; text: string } | null;
  acknowledged_by: string | null;
  assignee: string | null;
  muted: boolean;
  mute: { until: string | null; until_hosts: number | null } | null;
  mitigation: { at: string; cause: string; exposed_hosts: number } | null;
  resolved_at: string | null;
}

export interface IncidentDetail {
  incident: Incident;
  changes: Incident[];
  stop_code_names: Record<string, string>;
}

export interface Suspect {
  update_channel: string;
  update_version: string;
  driver: string;
  driver_version: string;
  shipped_at: string | null;
  confidence: number;
}

export interface CountedValue {
  value: string;
  hosts: number;
}

export interface CountedSignature extends CountedValue {
  parts: Array<{ name: string; value: string; rule: string }>;
}

export interface Evidence {
  observed: number;
  expected: number;
  relative_risk: Ratio;
  exposed_hosts: number;
  eligible_hosts: number;
  crashed_hosts: number;
  silent_hosts: number;
  crash_looping_hosts: number;
  countries: CountedValue[];
  countries_total: number;
  orgs: CountedValue[];
  orgs_total: number;
  os_builds: CountedValue[];
  os_builds_total: number;
  stop_codes: CountedValue[];
  stop_codes_total: number;
  signatures: CountedSignature[];
  signatures_total: number;
  other_stops: Array<{ kind: string; hosts: number }>;
  leading_bucket: { bucket: string; level: string } | null;
  statistic: number;
  threshold: number;
  leave_one_org_out: number;
  min_relative_risk: number;
  /** From how many innocent updates of its kind `min_relative_risk` was learned. */
  learned_from?: number;
  /** Compared with the time before, not with hosts that are alike but for the update. */
  weaker?: boolean;
  note?: string;
  terms: EvidenceTerm[];
  /** Missing in changes that were written before there were second opinions. */
  second_opinion?: SecondOpinion;
  concentrations?: Concentration[];
  forecast: Forecast | null;
  what_would_change: { sentences: string[] } | null;
  completeness: { decided_until: string; crashed_hosts: number; comparable_hosts: number } | null;
  clearing: Clearing | null;
  recovered_hosts: number | null;
  recovery_hosts: number | null;
}

export interface EvidenceTerm {
  channel: string;
  bucket: string;
  weight: number;
  observed: number;
  expected: number | null;
  statistic: number;
}

export interface SecondOpinion {
  maxsprt: { ln_ratio: number; critical_value: number; agrees: boolean } | null;
  rate_ratio: { estimate: number | null; low: number; high: number | null; method: string } | null;
  crash_rate: { estimate: number; low: number; high: number } | null;
}

export interface Concentration {
  by: 'org' | 'region' | 'os_build';
  spread: number;
  cluster: string[];
  cluster_total: number;
  affected_share: number;
  exposed_share: number;
}

/** What comes if nothing is done. */
export interface Forecast {
  hosts_left: number;
  pace_per_minute: number;
  all_by: string | null;
  expected_crashed_hosts: number;
  saved_by_halting: number;
}

export interface Clearing {
  since: string;
  observed: number;
  expected: number;
  last_ten_minutes: number;
  statistic: number;
  threshold: number;
}

export const hostStates = ['crashing', 'silent', 'back'] as const;
export type HostState = (typeof hostStates)[number];

export interface IncidentHost {
  host_id: string;
  state: HostState;
  org_id: string;
  country: string;
  os_build: string;
  applied_at: string;
  first_crash_at: string | null;
  last_crash_at: string | null;
  crashes: number;
  last_seen_at: string;
}

export interface IncidentHosts {
  hosts: IncidentHost[];
  /** An older api has none. */
  returns_from?: 'heartbeats' | 'detector' | null;
  /** Under the same filters but the state; null on all pages but the first. */
  counts: Record<HostState, number> | null;
  as_of: string | null;
  next_cursor: string | null;
}
