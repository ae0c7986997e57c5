import type { Phrase } from './phrase';

/**
 * `test`: somebody tries a receiver. `watchdog`: a sign of life, due again and again. `undelivered`: another receiver could not
 * be told. `digest`: many incidents at once. `pipeline_stale`, `pipeline_recovered`: nothing is decided any more, and again.
 */
export const noticePurposes = [
  'test',
  'watchdog',
  'undelivered',
  'digest',
  'pipeline_stale',
  'pipeline_recovered',
] as const;

/** What is to be said that is no change of an incident. */
export interface Notice {
  purpose: (typeof noticePurposes)[number];
  /** The same on every attempt, so that repeats are collapsed; no dot in it. */
  id: string;
  /** RFC 3339. */
  at: string;
  title: Phrase;
  lines: Phrase[];
}
