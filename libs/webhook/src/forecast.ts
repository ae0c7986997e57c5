import type { IncidentChange } from '@ringwatch/incident';
import { count, minuteOf, quantity } from './figures';
import { ours, type Phrase } from './phrase';
import { isOver } from './title';

/** What comes if nothing is done; nothing of it once it gets no worse, or where no host is left to take it. */
export function forecast(change: IncidentChange): Phrase[] {
  const { forecast: of } = change.evidence;
  if (of === null || isOver(change) || of.hosts_left === 0) return [];
  if (of.pace_per_minute === 0 || of.all_by === null)
    return [ours(`No host takes it at the moment; ${count(of.hosts_left)} more could.`)];
  const pace = `${quantity(of.pace_per_minute)} a minute`;
  const crashing = `at least ${count(of.expected_crashed_hosts)} hosts will have crashed by then`;
  return [
    ours(
      `If nothing is done: ${count(of.hosts_left)} more hosts take it by ${minuteOf(of.all_by)}, at ${pace}, and ${crashing}; ` +
        `halting now saves ${count(of.saved_by_halting)} of them.`,
    ),
  ];
}
