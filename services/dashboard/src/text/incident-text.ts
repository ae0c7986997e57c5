import type { Forecast, Incident, Suspect } from '../read/incident-answers';
import { clock, count, measure } from './format';

const advice = {
  halt: 'Halt the rollout now.',
  roll_back: 'Roll the update back.',
  investigate: 'Investigate before going on.',
  none: 'Nothing to do.',
} as const;

export const adviceOf = (incident: Incident) => advice[incident.recommendation];

/** The incident in a sentence: what, how bad, against what. */
export function headline({ suspect, evidence, separable, other_suspects, signal }: Incident): string {
  const blamed = separable ? nameOf(suspect) : [suspect, ...other_suspects.slice(0, 1)].map(nameOf).join(' or ');
  const { crashed_hosts, silent_hosts, exposed_hosts, relative_risk } = evidence;
  const times = `${measure(relative_risk.estimate)} times as many as expected`;
  if (suspect.update_channel === '')
    return `${blamed} crashes hosts, no update correlated: ${count(crashed_hosts)}, ${times}`;
  if (evidence.weaker)
    return `${blamed} may make hosts crash: ${count(crashed_hosts)} by its driver since, ${times} before`;
  if (signal === 'silence')
    return `${blamed} makes hosts fall silent: ${count(silent_hosts)} of ${count(exposed_hosts)} that applied it, ${times}`;
  const silent = silent_hosts > 0 ? ` and ${count(silent_hosts)} fell silent` : '';
  return `${blamed} makes hosts crash: ${count(crashed_hosts)} of ${count(exposed_hosts)} that applied it${silent}, ${times}`;
}

export const nameOf = (suspect: Suspect) => suspect.update_version || suspect.driver || 'An unknown update';

/** What comes if nobody halts it; undefined where nothing more is to come. */
export function forecastSentence(forecast: Forecast | null): string | undefined {
  if (forecast === null || forecast.pace_per_minute === 0 || forecast.hosts_left === 0) return undefined;
  const { hosts_left, pace_per_minute, all_by, expected_crashed_hosts, saved_by_halting } = forecast;
  const by = all_by === null ? '' : ` by ${clock(all_by)} UTC`;
  return (
    `If not halted, ${count(hosts_left)} more hosts take it${by}, at ${measure(pace_per_minute)} a minute: ` +
    `${count(expected_crashed_hosts)} crash in all. Halting now saves ${count(saved_by_halting)}.`
  );
}

/** Hosts lost with every minute of waiting. */
export function lostPerMinute({ pace_per_minute, hosts_left, saved_by_halting }: Forecast): number {
  return hosts_left === 0 ? 0 : (pace_per_minute * saved_by_halting) / hosts_left;
}
