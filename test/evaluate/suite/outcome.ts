import type { Floor } from '../floor/floor';

/** What one run came to. */
export interface Outcome {
  class: string;
  seed: number;
  words: string;
  hosts: number;
  /** What had to come out. */
  truth: 'silent' | 'guilty' | 'spike';
  found: boolean;
  /** Every update that had to be blamed was, and no other in its place; undefined where nothing was found. */
  blameRight?: boolean;
  separable?: boolean;
  separableWanted?: boolean | 'either';
  scope?: string;
  scopeWanted?: string;
  /** From the first apply of the guilty update to the tick that opened the incident. */
  tookMs?: number;
  /** From the first moment at which a crash was possible. */
  afterHarmMs?: number;
  floor?: Floor;
  reportsAtAlarm?: number;
  appliedShare?: number;
  /** Incidents on updates that are innocent (in any life of theirs). */
  falseAlarms: number;
  /** Innocent updates that were watched. */
  innocents: number;
  /** The largest ln E of an innocent update at the end of the run. */
  innocentMost: number;
  resolvedAfterMs?: number;
  flaps: number;
  /** Milliseconds of wall clock. */
  costMs: number;
  /** What was wrong, in words; empty when the run came out as it must. */
  wrong: string[];
}
