import { retryAfterMs, type Reply } from './answer';
import { classify as classifyReply, type ReceiverKind } from './receiver';

const now = new Date('2024-07-19T04:31:00Z');
const classify = (kind: ReceiverKind, given: Reply, at: Date) =>
  classifyReply({ kind, url: 'https://hooks.example/hunter2', headers: {}, body: '' }, given, at);
const reply = (status: number, body = '', retryAfter?: string) => ({ status, body, retryAfter });

it.each([
  { status: 200, webhook: 'delivered', slack: 'rejected' },
  { status: 204, webhook: 'delivered', slack: 'rejected' },
  { status: 301, webhook: 'rejected', slack: 'rejected' },
  { status: 307, webhook: 'rejected', slack: 'rejected' },
  { status: 400, webhook: 'rejected', slack: 'rejected' },
  { status: 401, webhook: 'rejected', slack: 'rejected' },
  { status: 403, webhook: 'rejected', slack: 'rejected' },
  { status: 404, webhook: 'retry', slack: 'gone' },
  { status: 408, webhook: 'retry', slack: 'retry' },
  { status: 410, webhook: 'gone', slack: 'gone' },
  { status: 413, webhook: 'rejected', slack: 'rejected' },
  { status: 425, webhook: 'retry', slack: 'retry' },
  { status: 429, webhook: 'retry', slack: 'retry' },
  { status: 500, webhook: 'retry', slack: 'retry' },
  { status: 503, webhook: 'retry', slack: 'retry' },
])('$status: $webhook for a webhook, $slack for Slack', ({ status, webhook, slack }) => {
  expect(classify('webhook', reply(status), now)).toMatchObject({ kind: webhook, status });
  expect(classify('slack', reply(status), now)).toMatchObject({ kind: slack, status });
});

it('takes only "ok" for a delivery to Slack', () => {
  expect(classify('slack', reply(200, 'ok\n'), now).kind).toBe('delivered');
  expect(classify('slack', reply(200, '<html>Please sign in</html>'), now).kind).toBe('rejected');
});

it('shows an error word, and no other body', () => {
  expect(classify('slack', reply(400, 'invalid_blocks'), now).detail).toBe('answered 400 invalid_blocks');
  expect(classify('slack', reply(400, 'no such path: /services/T0/hunter2'), now).detail).toBe('answered 400');
});

it('hands on for how long to wait', () => {
  expect(classify('slack', reply(429, '', '7'), now)).toMatchObject({ kind: 'retry', retryAfterMs: 7_000 });
  expect(classify('slack', reply(503), now)).toMatchObject({ kind: 'retry', retryAfterMs: null });
});

it.each([
  ['7', 7_000],
  ['0', 0],
  ['1.5', 1_500],
  ['Fri, 19 Jul 2024 04:31:30 GMT', 30_000],
  ['Fri, 19 Jul 2024 04:30:00 GMT', 0],
  ['soon', null],
  ['-3', null],
  [undefined, null],
])('Retry-After %j is %j ms', (header, ms) => expect(retryAfterMs(header, now)).toBe(ms));
