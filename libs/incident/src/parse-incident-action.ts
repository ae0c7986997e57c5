import { EARLIEST_EVENT_MS, FieldReader, JsonObject, Refusal, refuse } from '@ringwatch/message';

/** What people can do with an incident. Each is one change of it, or is answered in the detector's log. */
export const incidentActions = ['acknowledge', 'assign', 'mute', 'unmute', 'comment', 'resolve'] as const;

/** The longest time for which an incident may be muted, from its record's timestamp on. */
export const MAX_MUTE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Somebody did something with an incident: a message of the topic `incident-actions`, key incident_id. Times are
 * milliseconds since 1970 UTC; texts that were not given are empty.
 */
export interface IncidentAction {
  event_id: string;
  occurred_at: number;
  incident_id: string;
  action: (typeof incidentActions)[number];
  /** Who did it. */
  actor: string;
  /** `assign`: who takes it; empty takes an assignment back. */
  assignee: string;
  /** `mute`: quiet until this arrival time, or until so many times as many hosts are hit, whichever comes first. */
  muted_until: number | null;
  muted_factor: number | null;
  /** `comment`: what was said; with any other action a note. */
  text: string;
}

/** An action as the detector takes it: `receivedAt` is arrival time, milliseconds since 1970 UTC. */
export interface ArrivedAction {
  action: IncidentAction;
  receivedAt: number;
}

/** A message of the topic `incident-actions`, by its types and limits. Never throws. */
export function parseIncidentAction(members: JsonObject, recordTimestamp: number): IncidentAction | Refusal {
  const read = new FieldReader(members);
  const identity = {
    event_id: read.eventId('event_id'),
    occurred_at: read.eventTime('occurred_at', recordTimestamp),
    incident_id: read.text('incident_id', 1, 200),
  };
  const kind = read.word('action', incidentActions);
  const action: IncidentAction = {
    ...identity,
    action: kind,
    actor: read.text('actor', 1, 128),
    assignee: kind === 'assign' ? read.text('assignee', 0, 128) : '',
    muted_until: null,
    muted_factor: null,
    text: kind === 'comment' || read.has('text') ? read.text('text', kind === 'comment' ? 1 : 0, 4_000) : '',
  };
  if (kind === 'mute') Object.assign(action, readMute(read, recordTimestamp));
  return read.refusal ?? action;
}

/** A mute has to end: at a time, with growth, or with whichever comes first. */
function readMute(read: FieldReader, recordTimestamp: number): Pick<IncidentAction, 'muted_until' | 'muted_factor'> {
  const factor = read.has('muted_factor') ? read.number('muted_factor', 1.01, 1e6) : null;
  if (factor !== null && !read.has('muted_until')) return { muted_until: null, muted_factor: factor };
  const until = read.instant('muted_until');
  if (!read.refusal && !(until >= EARLIEST_EVENT_MS && until <= recordTimestamp + MAX_MUTE_MS))
    read.refusal = refuse(
      'out_of_range',
      'muted_until',
      'muted_until: wanted 2000 or later, at most 30 days after the record',
    );
  return { muted_until: until, muted_factor: factor };
}
