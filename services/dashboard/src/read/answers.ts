/** The answers of the api that the pages read, as far as they read them. `/api/openapi.json` describes them in full. */
export interface Status {
  newest_event_at: string | null;
  closed_until: string | null;
  hosts: number;
  crashes: number;
  updates: number;
}

/** What crashes can be grouped and filtered by, with the words for it. */
export const dimensions = {
  driver: 'Driver',
  driver_version: 'Driver version',
  update_channel: 'Update channel',
  update_version: 'Update version',
  bugcheck_code: 'Stop code',
  country: 'Country',
  org_id: 'Organisation',
  os_build: 'OS build',
} as const;
export type Dimension = keyof typeof dimensions;

export interface Rate {
  exposed_hosts: number;
  crashed_exposed_hosts: number;
  crashed_per_1000: number | null;
  crashed_per_1000_low: number | null;
  crashed_per_1000_high: number | null;
}

/** `other`: the row is all that is beside the largest. */
export interface AggregateRow extends Partial<Record<Dimension, string>>, Partial<Rate> {
  bucket_start?: string;
  crashes: number;
  hosts: number;
  other?: true;
}

export interface Aggregates {
  rows: AggregateRow[];
  truncated: boolean;
}

/** Where the detector found an update to stand. */
export interface Judgement {
  judged_at: string;
  standing: 'insufficient' | 'unremarkable' | 'watch' | 'alarm' | 'reduces';
  statistic: number;
  threshold: number;
  observed: number;
  expected: number;
  relative_risk: Ratio | null;
  min_relative_risk: number;
  exposed_hosts: number;
}

export interface Ratio {
  estimate: number;
  low: number;
  high: number | null;
}

export interface Update {
  update_channel: string;
  update_version: string;
  driver: string | null;
  title: string | null;
  vendor: string | null;
  replaces: string | null;
  ring: string | null;
  target_fraction: number | null;
  shipped_at: string | null;
  withdrawn_at: string | null;
  last_action: string | null;
  first_heard_at: string;
  first_applied_at: string | null;
  eligible_hosts: number;
  applied_hosts: number;
  crashed_hosts: number;
  crashed_per_1000: number | null;
  /** The ends of the exact 95 % interval; an older api has none. */
  crashed_per_1000_low?: number | null;
  crashed_per_1000_high?: number | null;
  verdict: 'go' | 'hold' | 'halt';
  verdict_reason: string;
  judgement: Judgement | null;
  open_incident_id: string | null;
}

export interface UpdateAction {
  at: string;
  action: 'shipped' | 'expanded' | 'paused' | 'withdrawn';
  ring: string | null;
  target_fraction: number | null;
}

export interface CurvePoint {
  bucket_start: string;
  applied_hosts: number;
  crashes: number;
  crashed_hosts: number;
  /** Of the sampled hosts that beat; null where there are none, and an older api has none of these. */
  sampled_hosts?: number | null;
  silent_hosts?: number | null;
  silent_per_1000?: number | null;
}

export interface UpdateDetail extends Update {
  crashed_hosts_naming_it: number;
  naming_it_per_1000: number | null;
  actions: UpdateAction[];
  bucket_seconds: number;
  curve: CurvePoint[];
}

export interface Verdict {
  explanation: string;
}

export interface SignatureSummary {
  signature: string;
  parts: Array<{ name: string; value: string; rule: string }>;
  crashes: number;
  hosts: number;
  first_crash_at: string;
  last_crash_at: string;
}
