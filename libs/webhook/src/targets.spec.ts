import { targets, type StandInAnswer } from '../stand-ins';
import { changeOf, receiverFor } from './made-up.fixture';
import { toRequest, type ReceiverKind } from './receiver';

/** That the stand-ins hold to the limits of their targets: without that, being taken by one shows nothing. */
type Body = Record<string, unknown>;

function answerTo(kind: ReceiverKind, change: (body: Body) => unknown): StandInAnswer {
  const target = targets[kind]();
  const receiver = receiverFor(kind, target, 'https://target.example');
  const request = toRequest(receiver, changeOf('opened'), {
    at: new Date(),
    dashboardUrl: 'https://ringwatch.example',
  });
  const body = JSON.parse(request.body) as Body;
  const changed = change(body) ?? body;
  try {
    return target.answer({
      method: 'POST',
      url: new URL(request.url),
      headers: request.headers,
      body: JSON.stringify(changed),
    });
  } catch (error) {
    return (error as { answer: StandInAnswer }).answer;
  }
}

const w = (length: number) => 'w'.repeat(length);
const embed = (body: Body) => (body['embeds'] as Array<Record<string, unknown>>)[0]!;
const card = (body: Body) => (body['attachments'] as Array<{ content: Record<string, unknown> }>)[0]!.content;
const fields = (count: number, each: number) => Array.from({ length: count }, () => ({ name: 'n', value: w(each) }));
const bare = { title: undefined, description: 'd', footer: undefined, fields: [] };

it.each<{ kind: ReceiverKind; what: string; limit: number; set: (body: Body, length: number) => unknown }>([
  {
    kind: 'slack',
    what: 'header',
    limit: 150,
    set: (body, n) => void ((body['blocks'] as Array<{ text: { text: string } }>)[0]!.text.text = w(n)),
  },
  {
    kind: 'slack',
    what: 'section',
    limit: 3_000,
    set: (body, n) => void ((body['blocks'] as Array<{ text: { text: string } }>)[1]!.text.text = w(n)),
  },
  { kind: 'discord', what: 'content', limit: 2_000, set: (body, n) => void (body['content'] = w(n)) },
  {
    kind: 'discord',
    what: 'description',
    limit: 4_096,
    set: (body, n) => void Object.assign(embed(body), bare, { description: w(n) }),
  },
  {
    kind: 'discord',
    what: 'field',
    limit: 1_024,
    set: (body, n) => void Object.assign(embed(body), bare, { fields: fields(1, n) }),
  },
  {
    kind: 'discord',
    what: 'fields',
    limit: 25,
    set: (body, n) => void Object.assign(embed(body), bare, { fields: fields(n, 1) }),
  },
  {
    kind: 'discord',
    what: 'all of an embed',
    limit: 6_000,
    set: (body, n) => void Object.assign(embed(body), bare, { description: w(n - 6 * 501), fields: fields(6, 500) }),
  },
  {
    kind: 'google-chat',
    what: 'bytes',
    limit: 32_000,
    set: (body, n) => ({ ...body, text: w(n - Buffer.byteLength(JSON.stringify({ ...body, text: '' }))) }),
  },
  {
    kind: 'google-chat',
    what: 'widgets',
    limit: 100,
    set: (body, n) =>
      void (body['cardsV2'] = [
        { card: { sections: [{ widgets: Array.from({ length: n }, () => ({ textParagraph: { text: 'w' } })) }] } },
      ]),
  },
  { kind: 'mattermost', what: 'post', limit: 16_383, set: (body, n) => void (body['text'] = w(n)) },
  {
    kind: 'telegram',
    what: 'text without its markup',
    limit: 4_096,
    set: (body, n) => void (body['text'] = `<b>${w(n - 1)}</b>&amp;`),
  },
  {
    kind: 'pagerduty',
    what: 'summary',
    limit: 1_024,
    set: (body, n) => void ((body['payload'] as Record<string, unknown>)['summary'] = w(n)),
  },
  { kind: 'pagerduty', what: 'dedup key', limit: 255, set: (body, n) => void (body['dedup_key'] = w(n)) },
  {
    kind: 'pagerduty',
    what: 'bytes',
    limit: 512 * 1024,
    set: (body, n) => ({ ...body, client: w(n - Buffer.byteLength(JSON.stringify({ ...body, client: '' }))) }),
  },
  {
    kind: 'teams',
    what: 'bytes',
    limit: 20_999,
    set: (body, n) => ({ ...body, summary: w(n - Buffer.byteLength(JSON.stringify({ ...body, summary: '' }))) }),
  },
])('$kind, $what: $limit and no more', ({ kind, limit, set }) => {
  expect(answerTo(kind, (body) => set(body, limit)).status).toBeLessThan(300);
  expect(answerTo(kind, (body) => set(body, limit + 1)).status).toBeGreaterThanOrEqual(400);
});

it.each<{ kind: ReceiverKind; what: string; change: (body: Body) => unknown; answers: object }>([
  {
    kind: 'slack',
    what: 'no text',
    change: (body) => void delete body['text'],
    answers: { status: 400, body: 'no_text' },
  },
  {
    kind: 'discord',
    what: 'mentions for everyone',
    change: (body) => void (body['allowed_mentions'] = { parse: ['everyone'] }),
    answers: { status: 400 },
  },
  {
    kind: 'teams',
    what: 'a newer card',
    change: (body) => void (card(body)['version'] = '1.6'),
    answers: { status: 202, unseen: expect.any(String) },
  },
  {
    kind: 'teams',
    what: 'another action',
    change: (body) => void (card(body)['actions'] = [{ type: 'Action.Submit' }]),
    answers: { unseen: expect.any(String) },
  },
  {
    kind: 'telegram',
    what: 'an open tag',
    change: (body) => void (body['text'] = '<b>bold'),
    answers: { status: 400 },
  },
  {
    kind: 'telegram',
    what: 'code within bold',
    change: (body) => void (body['text'] = '<b><code>c</code></b>'),
    answers: { status: 400 },
  },
  { kind: 'telegram', what: 'a bare &', change: (body) => void (body['text'] = 'a & b'), answers: { status: 400 } },
  {
    kind: 'pagerduty',
    what: 'another key',
    change: (body) => void (body['routing_key'] = w(32)),
    answers: { status: 400 },
  },
  {
    kind: 'pagerduty',
    what: 'a severity of ours',
    change: (body) => void ((body['payload'] as Record<string, unknown>)['severity'] = 'sev1'),
    answers: { status: 400 },
  },
  {
    kind: 'alertmanager',
    what: 'a label with a dash',
    change: (body) => [{ ...(body as unknown as object[])[0], labels: { alertname: 'a', 'a-b': 'c' } }],
    answers: { status: 400 },
  },
  { kind: 'webhook', what: 'a changed body', change: (body) => void (body['type'] = 'x'), answers: { status: 401 } },
  { kind: 'rollout', what: 'a changed body', change: (body) => void (body['type'] = 'x'), answers: { status: 401 } },
])('$kind, $what: $answers', ({ kind, change, answers }) => expect(answerTo(kind, change)).toMatchObject(answers));
