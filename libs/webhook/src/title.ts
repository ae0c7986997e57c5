import type { IncidentChange } from '@ringwatch/incident';
import { minuteOf, percent } from './figures';
import { ours, say, type Phrase } from './phrase';
import { confidence, isUpdate, nameOf, whereOf } from './suspects';

const happening = {
  crashes: { now: 'hosts crash', more: 'more hosts crash', again: 'hosts crash again', over: 'hosts no longer crash' },
  silence: {
    now: 'hosts fall silent',
    more: 'more hosts fall silent',
    again: 'hosts fall silent again',
    over: 'hosts no longer fall silent',
  },
  both: {
    now: 'hosts crash and fall silent',
    more: 'more hosts crash and fall silent',
    again: 'hosts crash and fall silent again',
    over: 'hosts no longer crash or fall silent',
  },
} as const;

/** What, how bad, how sure, since when. */
export function titleOf(change: IncidentChange): Phrase {
  const start = change.first_crash_at ?? change.opened_at;
  const certainty = `(${percent(confidence(change))} sure, ${isOver(change) ? 'began' : 'since'} ${minuteOf(start)})`;
  return say`${ours(`${change.severity.toUpperCase()} ${change.change}: `)}${whatHappens(change)} ${ours(certainty)}`;
}

/** Whether a change says that it gets no worse. */
export function isOver({ change }: IncidentChange): boolean {
  return ['mitigated', 'resolved', 'superseded'].includes(change);
}

function whatHappens(change: IncidentChange): Phrase {
  const { now, more, again, over } = happening[change.signal];
  const under = whereOf(change);
  switch (change.change) {
    case 'opened':
      return say`${ours(now)} ${under}`;
    case 'escalated':
      return say`${ours(more)} ${under}`;
    case 'updated':
      return say`${ours(now)} ${under}, new figures`;
    case 'mitigated':
      return say`no more installs of ${nameOf(change.suspect)}`;
    case 'resolved':
      return say`${ours(over)} ${under}`;
    case 'reopened':
      return say`${ours(again)} ${under}`;
    case 'superseded':
      return isUpdate(change.suspect)
        ? say`${nameOf(change.suspect)} is no longer the suspect`
        : say`an update may explain the crashes in ${nameOf(change.suspect)}`;
    case 'acknowledged':
    case 'assigned':
    case 'commented':
    case 'muted':
    case 'unmuted':
      return say`${ours(now)} ${under}`;
  }
}
