import { createHash } from 'node:crypto';
import type { Receiver } from '@ringwatch/webhook';

/**
 * Tells one set of a receiver's settings from another without saying what they are: too short to guess an address from, and
 * with no part of it in it.
 */
export function settingsFingerprint(receiver: Receiver): string {
  const settings = Object.entries(receiver).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(settings)).digest('base64url').slice(0, 12);
}
