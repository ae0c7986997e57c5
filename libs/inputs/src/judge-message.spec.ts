import { MessageToJudge, isRefusal, judgeMessage } from './judge-message';

const timestamp = Date.parse('2026-03-01T12:00:00Z');
const message = (value: Buffer | string | null): MessageToJudge => ({
  timestamp,
  value: typeof value === 'string' ? Buffer.from(value) : value,
});
const heartbeat = {
  occurred_at: '2026-03-01T12:00:00Z',
  host_id: 'h',
  org_id: 'o',
  country: 'DE',
  os_build: 'b',
  booted_at: '2026-03-01T12:00:00Z',
};
const reasonOf = (value: Buffer | string | null) => {
  const verdict = judgeMessage('heartbeats', message(value));
  return isRefusal(verdict) ? `${verdict.reason} ${verdict.field}`.trim() : 'taken';
};
const withField = (more: object) => JSON.stringify({ ...heartbeat, ...more });

describe('judgeMessage', () => {
  it.each([
    ['taken', JSON.stringify(heartbeat)],
    ['not_json', 'hello'],
    ['not_json', null],
    ['not_json', Buffer.from([0xff, 0xfe])],
    ['not_object', '[]'],
    ['missing_field host_id', withField({ host_id: undefined })],
    ['wrong_type host_id', withField({ host_id: 5 })],
    ['out_of_range host_id', withField({ host_id: '' })],
    ['out_of_range occurred_at', withField({ occurred_at: '2026-03-02T12:00:00.001Z' })],
    ['too_large', withField({ more: 'x'.repeat(262_144) })],
    ['too_large', withField({ more: JSON.parse('['.repeat(32) + ']'.repeat(32)) })],
  ])('%s', (expected, value) => expect(reasonOf(value)).toBe(expected));

  it('reads each topic by its own rules', () => {
    const [asHeartbeat, asInstall] = (['heartbeats', 'installs'] as const).map((topic) =>
      isRefusal(judgeMessage(topic, message(JSON.stringify(heartbeat)))),
    );
    expect([asHeartbeat, asInstall]).toEqual([false, true]);
  });

  it('takes an event that says `kind` and `reason` of itself for an event', () => {
    expect(reasonOf(withField({ kind: 'refused', reason: 'not_json' }))).toBe('taken');
  });
});
