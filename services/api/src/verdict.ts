import type { IncidentChange } from '@ringwatch/incident';
import type { Update } from '@ringwatch/rollout';

/** What is known of an update when a rollout system asks whether it may go on. */
export interface UpdateFacts {
  appliedHosts: number;
  withdrawn: boolean;
}

export type VerdictReason = 'open_incident' | 'not_separable' | 'withdrawn' | 'insufficient_data' | 'no_incident';

/** The answer, why, and the incident it rests on. `go` is never said for want of data. */
export interface Verdict {
  verdict: 'go' | 'hold' | 'halt';
  reason: VerdictReason;
  explanation: string;
  incident: IncidentChange | null;
}

/**
 * Judges one update by the incidents that are not resolved. An incident on it halts it. It also waits while it is one of
 * several that cannot be told apart, after a withdrawal, and before `minHosts` hosts have applied it.
 */
export function judgeUpdate(
  update: Update,
  facts: UpdateFacts | undefined,
  unresolved: readonly IncidentChange[],
  minHosts: number,
): Verdict {
  const blaming = unresolved.find((incident) => names(incident.suspect, update));
  if (blaming) return { verdict: 'halt', reason: 'open_incident', explanation: describe(blaming), incident: blaming };
  const sharing = unresolved.find(
    (incident) => !incident.separable && incident.other_suspects.some((other) => names(other, update)),
  );
  if (sharing) {
    const { update_channel, update_version } = sharing.suspect;
    const explanation = `${describe(sharing)}; it cannot be told apart from ${update_version} on ${update_channel} yet`;
    return { verdict: 'hold', reason: 'not_separable', explanation, incident: sharing };
  }
  return { ...judgeWithoutIncident(facts, minHosts), incident: null };
}

/** The updates that incidents blame, and those that share the blame, so that a store can look for verdicts: as `judgeUpdate` has it. */
export function updatesNamedBy(unresolved: readonly IncidentChange[]): { blamed: Update[]; sharing: Update[] } {
  const blamed = unresolved.map(({ suspect }) => suspect);
  const sharing = unresolved.filter(({ separable }) => !separable).flatMap(({ other_suspects: others }) => others);
  return { blamed: blamed.map(toUpdate), sharing: sharing.map(toUpdate) };
}

const toUpdate = (suspect: { update_channel: string; update_version: string }): Update => ({
  channel: suspect.update_channel,
  version: suspect.update_version,
});

function judgeWithoutIncident(facts: UpdateFacts | undefined, minHosts: number): Omit<Verdict, 'incident'> {
  if (facts?.withdrawn)
    return { verdict: 'hold', reason: 'withdrawn', explanation: 'its vendor has withdrawn this update' };
  const applied = facts?.appliedHosts ?? 0;
  if (applied < minHosts) {
    const explanation = facts
      ? `${applied} hosts have applied it: wanted at least ${minHosts}`
      : 'nothing was heard of this update yet';
    return { verdict: 'hold', reason: 'insufficient_data', explanation };
  }
  return {
    verdict: 'go',
    reason: 'no_incident',
    explanation: `${applied} hosts have applied it and no incident is open on it`,
  };
}

function names(suspect: { update_channel: string; update_version: string }, update: Update): boolean {
  return suspect.update_channel === update.channel && suspect.update_version === update.version;
}

function describe({ severity, evidence, state }: IncidentChange): string {
  const { crashed_hosts, exposed_hosts, expected } = evidence;
  const share =
    exposed_hosts > 0
      ? `${crashed_hosts} of ${exposed_hosts} hosts that applied it crashed, ${expected.toFixed(1)} expected`
      : `${crashed_hosts} hosts crashed since it was heard of, ${expected.toFixed(1)} expected from the time before`;
  return `${severity} incident is ${state}: ${share}`;
}
