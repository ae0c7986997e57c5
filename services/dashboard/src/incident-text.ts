import type { Incident, Suspect } from './answers';
import { count, measure } from './format';

const advice = {
  halt: 'Halt the rollout now.',
  roll_back: 'Roll the update back.',
  investigate: 'Investigate before going on.',
  none: 'Nothing to do.',
} as const;

export const adviceOf = (incident: Incident) => advice[incident.recommendation];

/** The incident in a sentence: what, how bad, against what. */
export function headline({ suspect, evidence, separable, other_suspects }: Incident): string {
  const blamed = separable ? nameOf(suspect) : [suspect, ...other_suspects.slice(0, 1)].map(nameOf).join(' or ');
  const { crashed_hosts, exposed_hosts, relative_risk } = evidence;
  const times = `${measure(relative_risk.estimate)} times as many as expected`;
  if (suspect.update_channel === '')
    return `${blamed} crashes hosts, no update correlated: ${count(crashed_hosts)}, ${times}`;
  if (evidence.weaker)
    return `${blamed} may make hosts crash: ${count(crashed_hosts)} by its driver since, ${times} before`;
  return `${blamed} makes hosts crash: ${count(crashed_hosts)} of ${count(exposed_hosts)} that applied it, ${times}`;
}

export const nameOf = (suspect: Suspect) => suspect.update_version || suspect.driver || 'An unknown update';
