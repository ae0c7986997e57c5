import type { IncidentChange } from './incident-change';
import { instant } from './figures';
import type { Ledger } from './ledger';
import { affectedIn, isMuted } from './mute';
import type { ArrivedAction, IncidentAction } from './parse-incident-action';

/** What became of an action of a person. Only `taken` is a change; the others are told in the log. */
export interface ActionAnswer {
  eventId: string;
  incidentId: string;
  action: IncidentAction['action'];
  outcome: 'taken' | 'unknown_incident' | 'ended_incident' | 'without_effect';
}

/** Takes the actions of a tick in the order of their arrival, then of their ids, so that their order within it does not matter. */
export function takeActions(ledger: Ledger, actions: readonly ArrivedAction[]): ActionAnswer[] {
  return [...actions].sort(byArrival).map(({ action }) => {
    const last = ledger.last(action.incident_id);
    const outcome = foresee(action, last, ledger.tick);
    const change = last && outcome === 'taken' ? changeBy(action, last, ledger.tick) : undefined;
    if (change) ledger.keep(change);
    return { eventId: action.event_id, incidentId: action.incident_id, action: action.action, outcome };
  });
}

/** What becomes of an action at a tick, given the last change of its incident. Who takes actions in can ask it beforehand. */
export function foresee(
  action: IncidentAction,
  last: IncidentChange | undefined,
  tick: number,
): ActionAnswer['outcome'] {
  if (!last) return 'unknown_incident';
  if (last.state === 'resolved') return 'ended_incident';
  return effectOf(action, last, tick) ? 'taken' : 'without_effect';
}

function byArrival(a: ArrivedAction, b: ArrivedAction): number {
  return a.receivedAt - b.receivedAt || (a.action.event_id < b.action.event_id ? -1 : 1);
}

/** What a person did changes what people do about an incident, never its evidence: that stays as it was last told. */
function changeBy(action: IncidentAction, last: IncidentChange, tick: number): IncidentChange | undefined {
  const more = effectOf(action, last, tick);
  if (!more) return undefined;
  return {
    ...last,
    sequence: last.sequence + 1,
    detected_at: instant(tick),
    ...more,
    action: {
      event_id: action.event_id,
      action: action.action,
      actor: action.actor,
      occurred_at: instant(action.occurred_at),
      text: action.text,
    },
  };
}

type Effect = Partial<IncidentChange> & Pick<IncidentChange, 'change' | 'reason'>;

/** Undefined where it would change nothing. */
function effectOf(action: IncidentAction, last: IncidentChange, tick: number): Effect | undefined {
  const { actor } = action;
  switch (action.action) {
    case 'acknowledge':
      if (last.acknowledged_at !== null) return undefined;
      return {
        change: 'acknowledged',
        reason: `${actor} acknowledged it`,
        state: last.state === 'open' ? 'acknowledged' : last.state,
        acknowledged_at: instant(tick),
        acknowledged_by: actor,
      };
    case 'assign': {
      const assignee = action.assignee === '' ? null : action.assignee;
      if (assignee === last.assignee) return undefined;
      const reason = assignee === null ? `${actor} took the assignment back` : `${actor} assigned it to ${assignee}`;
      return { change: 'assigned', reason, assignee };
    }
    case 'mute':
      return muteBy(action, last, tick);
    case 'unmute':
      return isMuted(last, tick) ? { change: 'unmuted', reason: `${actor} ended the mute`, mute: null } : undefined;
    case 'comment':
      return { change: 'commented', reason: `${actor} commented` };
    case 'resolve':
      return {
        change: 'resolved',
        reason: `${actor} resolved it`,
        state: 'resolved',
        resolved_at: instant(tick),
        recommendation: 'none',
      };
  }
}

function muteBy(action: IncidentAction, last: IncidentChange, tick: number): Effect | undefined {
  const affected = affectedIn(last.evidence);
  const mute = {
    since: instant(tick),
    until: action.muted_until === null ? null : instant(action.muted_until),
    until_hosts: action.muted_factor === null ? null : Math.ceil(Math.max(1, affected) * action.muted_factor),
    state: last.state,
    severity: last.severity,
    affected_hosts: affected,
  };
  if (!isMuted({ mute, evidence: last.evidence }, tick)) return undefined;
  const ends = [
    ...(mute.until === null ? [] : [`until ${mute.until}`]),
    ...(mute.until_hosts === null ? [] : [`until ${mute.until_hosts} hosts are hit`]),
  ];
  return { change: 'muted', reason: `${action.actor} muted it ${ends.join(' or ')}`, mute };
}
