import type { Incident } from '../../read/incident-answers';
import { type ActionName, bodyOf, isPossible } from './action-kinds';

const now = Date.parse('2024-07-19T04:30:00.000Z');
const filled = { actor: ' ann ', assignee: 'bob', text: '', hours: '1', factor: '2' };

describe('bodyOf', () => {
  it.each<{ name: ActionName; body: object }>([
    { name: 'acknowledge', body: { actor: 'ann' } },
    { name: 'assign', body: { actor: 'ann', assignee: 'bob' } },
    { name: 'mute', body: { actor: 'ann', muted_until: '2024-07-19T05:30:00.000Z', muted_factor: 2 } },
  ])('$name says what it needs and no more', ({ name, body }) => expect(bodyOf(name, filled, now)).toEqual(body));

  it('leaves out an end that was not chosen', () =>
    expect(bodyOf('mute', { ...filled, hours: '' }, now)).toEqual({ actor: 'ann', muted_factor: 2 }));
});

describe('isPossible', () => {
  const open = { state: 'open', acknowledged_by: null, muted: false } as Incident;
  it.each<{ name: ActionName; incident: Incident; possible: boolean }>([
    { name: 'acknowledge', incident: open, possible: true },
    { name: 'acknowledge', incident: { ...open, acknowledged_by: 'ann' }, possible: false },
    { name: 'unmute', incident: open, possible: false },
    { name: 'unmute', incident: { ...open, muted: true }, possible: true },
    { name: 'comment', incident: { ...open, state: 'resolved' }, possible: false },
  ])('$name', ({ name, incident, possible }) => expect(isPossible(name, incident)).toBe(possible));
});
