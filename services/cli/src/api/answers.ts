import type { IncidentChange } from '@ringwatch/incident';

/** What is read of the api's answers; what they hold besides is shown by `--json`. Described in full at /api/openapi.json. */
export interface Status {
  newest_event_at: string | null;
  closed_until: string | null;
  hosts: number;
  crashes: number;
  updates: number;
}

export interface UpdateSummary {
  update_channel: string;
  update_version: string;
  shipped_at: string | null;
  eligible_hosts: number;
  applied_hosts: number;
  crashed_hosts: number;
  crashed_per_1000: number | null;
  verdict: 'go' | 'hold' | 'halt';
  verdict_reason: string;
  open_incident_id: string | null;
}

export interface UpdateVerdict {
  verdict: 'go' | 'hold' | 'halt';
  reason: string;
  explanation: string;
}

export interface Aggregates {
  rows: Array<Record<string, string | number | null>>;
  truncated: boolean;
}

export interface IncidentWithHistory {
  incident: IncidentChange;
  changes: IncidentChange[];
}

/** An instant as a person reads it, UTC; a dash where there is none. */
export function shown(instant: string | null): string {
  return instant === null ? '-' : instant.slice(0, 19).replace('T', ' ');
}
