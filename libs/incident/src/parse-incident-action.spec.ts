import { decodeMessage } from '@ringwatch/message';
import { type IncidentAction, parseIncidentAction } from './parse-incident-action';

const timestamp = Date.parse('2026-03-01T12:00:00Z');
const plain = {
  event_id: 'a-1',
  occurred_at: '2026-03-01T11:59:58Z',
  incident_id: 'content-2-25ead81a65380a8b',
  action: 'acknowledge',
  actor: 'ann',
};

function parse(more: object): IncidentAction | string {
  const decoded = decodeMessage(Buffer.from(JSON.stringify({ ...plain, ...more })));
  if (decoded.kind === 'refused') return decoded.reason;
  const action = parseIncidentAction(decoded.members, timestamp);
  return 'kind' in action ? `${action.reason} ${action.field}` : action;
}

describe('what people do with an incident', () => {
  it.each([
    [{}, { action: 'acknowledge', actor: 'ann', text: '' }],
    [{ text: 'mine' }, { text: 'mine' }],
    [{ action: 'assign', assignee: 'ben' }, { assignee: 'ben' }],
    [{ action: 'assign', assignee: '' }, { assignee: '' }],
    [{ action: 'acknowledge', assignee: 'ben' }, { assignee: '' }],
    [
      { action: 'mute', muted_until: '2026-03-01T13:00:00Z' },
      { muted_until: timestamp + 3_600_000, muted_factor: null },
    ],
    [
      { action: 'mute', muted_factor: 2 },
      { muted_until: null, muted_factor: 2 },
    ],
    [{ action: 'mute', muted_factor: 2, muted_until: '2026-03-01T13:00:00Z' }, { muted_factor: 2 }],
    [{ action: 'mute', muted_until: '2026-03-01T11:00:00Z' }, { muted_until: timestamp - 3_600_000 }],
    [{ action: 'unmute' }, { action: 'unmute' }],
    [{ action: 'comment', text: 'the vendor answered' }, { text: 'the vendor answered' }],
    [{ action: 'resolve' }, { action: 'resolve', occurred_at: timestamp - 2_000 }],
  ])('takes %j', (more, expected) => expect(parse(more)).toMatchObject(expected));

  it.each([
    [{ incident_id: undefined }, 'missing_field incident_id'],
    [{ actor: undefined }, 'missing_field actor'],
    [{ actor: '' }, 'out_of_range actor'],
    [{ action: 'close' }, 'wrong_type action'],
    [{ action: 'assign' }, 'missing_field assignee'],
    [{ action: 'comment' }, 'missing_field text'],
    [{ action: 'comment', text: '' }, 'out_of_range text'],
    [{ text: 'x'.repeat(4_001) }, 'out_of_range text'],
    [{ action: 'mute' }, 'missing_field muted_until'],
    [{ action: 'mute', muted_until: 'tomorrow' }, 'wrong_type muted_until'],
    [{ action: 'mute', muted_until: '2026-04-01T13:00:00Z' }, 'out_of_range muted_until'],
    [{ action: 'mute', muted_until: '1999-12-31T23:59:59Z' }, 'out_of_range muted_until'],
    [{ action: 'mute', muted_factor: 1 }, 'out_of_range muted_factor'],
    [{ action: 'mute', muted_factor: '2' }, 'wrong_type muted_factor'],
    [{ event_id: 'a b' }, 'wrong_type event_id'],
    [{ occurred_at: '2026-03-03T12:00:00Z' }, 'out_of_range occurred_at'],
  ])('refuses %j: %s', (more, expected) => expect(parse(more)).toBe(expected));
});
