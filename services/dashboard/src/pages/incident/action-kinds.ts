import type { Incident } from '../../read/incident-answers';

export interface ActionKind {
  title: string;
  /** What it does, in a sentence. */
  does: string;
  /** What is asked for beside the name. */
  fields: ReadonlyArray<'assignee' | 'text' | 'until' | 'factor'>;
  needsText?: boolean;
}

export const actions = {
  acknowledge: { title: 'Acknowledge', does: 'Says that you have it.', fields: ['text'] },
  assign: { title: 'Assign', does: 'Says whose it is.', fields: ['assignee', 'text'] },
  comment: { title: 'Comment', does: 'Stands in the timeline for everybody.', fields: ['text'], needsText: true },
  mute: {
    title: 'Mute',
    does: 'Nobody is told of it until then, or until it grows so much, whichever comes first.',
    fields: ['until', 'factor', 'text'],
  },
  unmute: { title: 'End the mute', does: 'Receivers are told of it again.', fields: ['text'] },
  resolve: { title: 'Resolve', does: 'Says that it is over. It reopens by fresh evidence only.', fields: ['text'] },
} as const satisfies Record<string, ActionKind>;
export type ActionName = keyof typeof actions;

/** What would change nothing is not offered. */
export function isPossible(name: ActionName, incident: Incident): boolean {
  if (incident.state === 'resolved') return false;
  if (name === 'acknowledge') return incident.acknowledged_by === null;
  if (name === 'unmute') return incident.muted;
  return name !== 'mute' || !incident.muted;
}

/** What somebody has filled in. */
export interface Filled {
  actor: string;
  assignee: string;
  text: string;
  /** Hours from now; empty for no end in time. */
  hours: string;
  /** Growth; empty for none. */
  factor: string;
}

/** The body of the api's call. `nowMs` is arrival time: where recorded events are played it is that of the recording. */
export function bodyOf(name: ActionName, filled: Filled, nowMs: number): Record<string, unknown> {
  const fields: readonly string[] = actions[name].fields;
  const has = (field: string, value: string) => fields.includes(field) && value.trim() !== '';
  return {
    ...(filled.actor.trim() !== '' && { actor: filled.actor.trim() }),
    ...(fields.includes('assignee') && { assignee: filled.assignee.trim() }),
    ...(has('text', filled.text) && { text: filled.text.trim().replaceAll(/\s+/g, ' ') }),
    ...(has('until', filled.hours) && {
      muted_until: new Date(nowMs + Number(filled.hours) * 3_600_000).toISOString(),
    }),
    ...(has('factor', filled.factor) && { muted_factor: Number(filled.factor) }),
  };
}
