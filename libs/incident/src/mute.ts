import { sizeOf } from './figures';
import type { IncidentChange } from './incident-change';
import { isWorse } from './severity';

/** Is the incident muted at a tick (ms since 1970 UTC of arrival time), with so many crashed hosts as it says? */
export function isMuted({ mute, evidence }: Pick<IncidentChange, 'mute' | 'evidence'>, tick: number): boolean {
  if (!mute) return false;
  if (mute.until !== null && Date.parse(mute.until) <= tick) return false;
  return mute.until_hosts === null || affectedIn(evidence) < mute.until_hosts;
}

/** What a person who did not listen since the mute began has missed; undefined where that is nothing. */
export function missedNews(
  { mute }: Pick<IncidentChange, 'mute'>,
  now: Pick<IncidentChange, 'state' | 'severity' | 'evidence'>,
): string | undefined {
  if (!mute) return undefined;
  if (now.state !== mute.state) return `it is ${now.state} now, it was ${mute.state}`;
  if (isWorse(now.severity, mute.severity)) return `it is ${now.severity} now, it was ${mute.severity}`;
  const affected = affectedIn(now.evidence);
  if (sizeOf(affected) > sizeOf(mute.affected_hosts)) return `${affected} hosts now, it was ${mute.affected_hosts}`;
  return undefined;
}

/** Hosts that crashed or fell silent after they had taken the update. */
export function affectedIn({ crashed_hosts, silent_hosts }: IncidentChange['evidence']): number {
  return crashed_hosts + silent_hosts;
}
