import type { Phrase } from './phrase';

/**
 * What is to be said that is no change of an incident: a test message, a sign of life that is due again and again, or that
 * something could not be delivered.
 */
export interface Notice {
  purpose: 'test' | 'watchdog' | 'undelivered';
  /** The same on every attempt, so that repeats are collapsed; no dot in it. */
  id: string;
  /** RFC 3339. */
  at: string;
  title: Phrase;
  lines: Phrase[];
}
