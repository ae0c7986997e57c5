import { targets } from '../../stand-ins';
import type { Answer, Lost } from '../answer';
import { changeOf, receiverFor } from '../made-up.fixture';
import { definitionOf, toRequest, type Receiver, type ReceiverKind } from '../receiver';

const at = new Date('2024-07-19T04:11:40Z');
const options = { at, dashboardUrl: 'https://ringwatch.example' };

function classify(kind: ReceiverKind, status: number, body: unknown, earlier?: string): Answer | Lost {
  const request = toRequest(receiverFor(kind, targets[kind](), 'https://target.example'), changeOf('opened'), {
    ...options,
    earlier,
  });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return definitionOf(kind).classify({ status, body: text, retryAfter: undefined }, request, at);
}

it.each<{ kind: ReceiverKind; status: number; body: unknown; earlier?: string; answers: object }>([
  { kind: 'discord', status: 200, body: { id: '99' }, answers: { kind: 'delivered', messageId: '99' } },
  { kind: 'discord', status: 200, body: 'not JSON', earlier: '42', answers: { kind: 'delivered', messageId: '42' } },
  {
    kind: 'discord',
    status: 404,
    body: { code: 10_008 },
    earlier: '42',
    answers: { kind: 'lost', detail: 'answered 404, code 10008' },
  },
  { kind: 'discord', status: 404, body: { code: 10_015 }, earlier: '42', answers: { kind: 'gone' } },
  { kind: 'discord', status: 404, body: '', answers: { kind: 'gone' } },
  {
    kind: 'discord',
    status: 401,
    body: { code: 50_027 },
    answers: { kind: 'gone', detail: 'answered 401, code 50027' },
  },
  { kind: 'discord', status: 403, body: {}, answers: { kind: 'rejected' } },
  { kind: 'discord', status: 429, body: { retry_after: 0.65 }, answers: { kind: 'retry', retryAfterMs: 650 } },
  {
    kind: 'telegram',
    status: 200,
    body: { ok: true, result: { message_id: 17 } },
    answers: { kind: 'delivered', messageId: '17' },
  },
  {
    kind: 'telegram',
    status: 200,
    body: { ok: true, result: { message_id: 18 } },
    earlier: '17',
    answers: { messageId: '17' },
  },
  { kind: 'telegram', status: 200, body: '<html>', answers: { kind: 'rejected' } },
  {
    kind: 'telegram',
    status: 404,
    body: { ok: false, description: 'Not Found' },
    answers: { kind: 'rejected', detail: 'answered 404: no such bot' },
  },
  {
    kind: 'telegram',
    status: 403,
    body: { ok: false, description: 'Forbidden: bot was kicked from the group chat hunter2' },
    answers: { kind: 'rejected', detail: 'answered 403: bot was kicked' },
  },
  {
    kind: 'telegram',
    status: 400,
    body: {
      ok: false,
      description: 'Bad Request: group chat was upgraded',
      parameters: { migrate_to_chat_id: -100_123 },
    },
    answers: { kind: 'rejected', detail: 'answered 400, the group is now chat_id -100123' },
  },
  {
    kind: 'telegram',
    status: 429,
    body: { parameters: { retry_after: 35 } },
    answers: { kind: 'retry', retryAfterMs: 35_000 },
  },
  { kind: 'teams', status: 202, body: '', answers: { kind: 'delivered' } },
  {
    kind: 'teams',
    status: 400,
    body: { error: { code: 'WorkflowTriggerIsNotEnabled', message: 'hunter2' } },
    answers: { kind: 'rejected', detail: 'answered 400 WorkflowTriggerIsNotEnabled' },
  },
  {
    kind: 'google-chat',
    status: 403,
    body: { error: { status: 'PERMISSION_DENIED' } },
    answers: { detail: 'answered 403 PERMISSION_DENIED' },
  },
  { kind: 'mattermost', status: 200, body: 'ok', answers: { kind: 'delivered' } },
  { kind: 'mattermost', status: 200, body: '<html>', answers: { kind: 'rejected' } },
  {
    kind: 'mattermost',
    status: 400,
    body: { id: 'web.incoming_webhook.invalid.app_error' },
    answers: { kind: 'rejected', detail: 'answered 400 web.incoming_webhook.invalid.app_error' },
  },
])('$kind: $status $body is $answers', ({ kind, status, body, earlier, answers }) => {
  const answer = classify(kind, status, body, earlier);
  expect(answer).toMatchObject(answers);
  expect(answer.detail).not.toContain('hunter2');
});

describe('Discord', () => {
  const hook: Receiver = {
    kind: 'discord',
    name: 'd',
    url: 'https://discord.example/api/webhooks/1/hunter2?thread_id=7',
  };

  it('edits within the thread, and has the whole message ready to be posted anew', () => {
    const edit = toRequest(hook, changeOf('escalated'), { ...options, earlier: '42' });
    expect(edit).toMatchObject({
      method: 'PATCH',
      url: 'https://discord.example/api/webhooks/1/hunter2/messages/42?thread_id=7',
      follows: '42',
      instead: { url: 'https://discord.example/api/webhooks/1/hunter2?thread_id=7&wait=true' },
    });
    expect(JSON.parse(edit.instead!.body)).toMatchObject(JSON.parse(edit.body));
  });

  it('does not let an id lead elsewhere', () =>
    expect(toRequest(hook, changeOf('escalated'), { ...options, earlier: '../../9' }).url).not.toContain('..'));
});

it('Google Chat answers in the thread of the incident, beside what the address says already', () => {
  const { url, body } = toRequest(
    { kind: 'google-chat', name: 'g', url: 'https://chat.example/v1/spaces/A/messages?key=k&token=t' },
    changeOf('opened'),
    options,
  );
  expect(new URL(url).search).toBe('?key=k&token=t&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD');
  expect(JSON.parse(body)).toMatchObject({ thread: { threadKey: changeOf('opened').incident_id } });
});

it('Telegram speaks to its topic, and a lost first message keeps nothing from being said', () => {
  const receiver = {
    ...receiverFor('telegram', targets.telegram(), 'https://api.example'),
    message_thread_id: 5,
  } as Receiver;
  const { body } = toRequest(receiver, changeOf('escalated'), { ...options, earlier: '17' });
  expect(JSON.parse(body)).toMatchObject({
    message_thread_id: 5,
    reply_parameters: { message_id: 17, allow_sending_without_reply: true },
    link_preview_options: { is_disabled: true },
  });
  const unanswered = toRequest(receiver, changeOf('escalated'), options).body;
  expect([body.includes('Follow-up'), unanswered.includes('Follow-up')]).toEqual([false, true]);
});
