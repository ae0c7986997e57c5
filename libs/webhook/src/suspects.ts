import type { IncidentChange, Suspect } from '@ringwatch/incident';
import { joined, say, type Phrase } from './phrase';

/** How many of a list are named in a message, most first. */
export const MAX_LISTED = 5;

/** The update as one name; the driver where no update is known. */
export function nameOf({ update_channel, update_version, driver, driver_version }: Suspect): Phrase {
  if (update_channel === '') return say`${`${driver} ${driver_version}`.trim()}`;
  const channel = update_channel.startsWith('driver:') ? update_channel.slice('driver:'.length) : update_channel;
  return say`${`${channel} ${update_version}`.trim()}`;
}

/** All that may be to blame alike: the suspect, and what cannot be told apart from it. */
export function equals({ suspect, other_suspects, separable }: IncidentChange): Suspect[] {
  return [suspect, ...(separable ? [] : other_suspects.filter((other) => other.confidence === suspect.confidence))];
}

/** How sure it is that one of these is to blame. */
export function confidence(change: IncidentChange): number {
  return Math.min(
    1,
    equals(change).reduce((sum, each) => sum + each.confidence, 0),
  );
}

export function namesOf(change: IncidentChange, word: string): Phrase {
  return joined(equals(change).slice(0, MAX_LISTED).map(nameOf), ` ${word} `);
}

export function isUpdate({ update_channel }: Suspect): boolean {
  return update_channel !== '';
}

export function whereOf(change: IncidentChange): Phrase {
  if (isUpdate(change.suspect)) return say`under ${namesOf(change, 'or')}`;
  return say`in ${nameOf(change.suspect)}, no update to blame`;
}
