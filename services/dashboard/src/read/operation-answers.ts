import type { Rate } from './answers';

/** One attempt to tell a receiver of a change. */
export interface Delivery {
  receiver: string;
  incident_id: string;
  sequence: number;
  /** 0 where the change was settled without one. */
  attempt: number;
  outcome: string;
  status: number | null;
  detail: string;
  started_at: string;
  duration_ms: number;
}

export interface LetterKind {
  topic: string;
  reason: string;
  field: string;
  letters: number;
  redriven: number;
  first_at: string;
  last_at: string;
}

export interface DeadLetter {
  topic: string;
  partition: number;
  offset: number;
  record_at: string;
  reason: string;
  field: string;
  detail: string;
  sample: string;
  redriven_at: string | null;
}

export interface DriverSummary {
  driver: string;
  crashes: number;
  hosts: number;
  versions: number;
  updates: number;
  first_crash_at: string;
  last_crash_at: string;
}

export interface DriverDetail extends DriverSummary {
  by_version: Array<{ driver_version: string; crashes: number; hosts: number; rate: Rate }>;
  by_update: Array<{ update_channel: string; update_version: string; crashes: number; hosts: number; rate: Rate }>;
  bucket_seconds: number;
  /** A version of null is all that are beside the largest. */
  curve: Array<{ bucket_start: string; driver_version: string | null; crashes: number; hosts: number }>;
  curve_truncated: boolean;
}
