/** The answers of the api that the pages read, as far as they read them. `/api/openapi.json` describes them in full. */
export interface Status {
  newest_event_at: string | null;
  closed_until: string | null;
  hosts: number;
  crashes: number;
  updates: number;
}

export interface AggregateRow {
  bucket_start?: string;
  driver?: string;
  update_channel?: string;
  update_version?: string;
  crashes: number;
  hosts: number;
}

export interface Aggregates {
  rows: AggregateRow[];
  truncated: boolean;
}

export interface Update {
  update_channel: string;
  update_version: string;
  driver: string | null;
  title: string | null;
  vendor: string | null;
  ring: string | null;
  shipped_at: string | null;
  withdrawn_at: string | null;
  last_action: string | null;
  first_applied_at: string | null;
  eligible_hosts: number;
  applied_hosts: number;
  crashed_hosts: number;
  crashed_hosts_naming_it: number;
  crashed_per_1000: number | null;
  naming_it_per_1000: number | null;
  verdict: 'go' | 'hold' | 'halt';
  verdict_reason: string;
  open_incident_id: string | null;
}

export interface CurvePoint {
  bucket_start: string;
  applied_hosts: number;
  crashes: number;
  crashed_hosts: number;
}

export interface UpdateDetail extends Update {
  actions: Array<{ at: string; action: string; ring: string | null; target_fraction: number | null }>;
  bucket_seconds: number;
  curve: CurvePoint[];
}

export interface Verdict {
  explanation: string;
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

export interface Evidence {
  observed: number;
  expected: number;
  relative_risk: { estimate: number; low: number; high: number | null };
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
  statistic: number;
  threshold: number;
  leave_one_org_out: number;
  /** Compared with the time before, not with hosts that are alike but for the update. */
  weaker?: boolean;
  /** Missing in changes that were written before there were second opinions. */
  second_opinion?: SecondOpinion;
}

export interface SecondOpinion {
  maxsprt: { ln_ratio: number; critical_value: number; agrees: boolean } | null;
  rate_ratio: { estimate: number | null; low: number; high: number | null; method: string } | null;
  crash_rate: { estimate: number; low: number; high: number } | null;
}

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
  scope: string;
  evidence: Evidence;
  recommendation: 'halt' | 'roll_back' | 'investigate' | 'none';
}

export interface IncidentHost {
  host_id: string;
  org_id: string;
  country: string;
  os_build: string;
  first_crash_at: string;
  last_crash_at: string;
  crashes: number;
  last_seen_at: string;
}
