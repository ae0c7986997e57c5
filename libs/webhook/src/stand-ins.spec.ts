import { StandIn, targets, type Trick } from '../stand-ins';
import type { Answer } from './answer';
import { changeOf, receiverFor } from './made-up.fixture';
import { receiverKinds, toRequest, type Receiver, type ReceiverKind } from './receiver';
import type { RequestOptions } from './receiver-definition';
import { send } from './send';
import type { Resolve } from './target';

/** Each kind of receiver, through the real `send`, to what stands for its target. */
const policy = { allowedHosts: ['127.0.0.1'] };
const dashboardUrl = 'https://ringwatch.example';
const listening: StandIn[] = [];
afterEach(() => Promise.all(listening.splice(0).map((standIn) => standIn.close())));

async function standInFor<Kind extends ReceiverKind>(kind: Kind) {
  const target = targets[kind]() as ReturnType<(typeof targets)[Kind]>;
  const standIn = await new StandIn(target).listen();
  listening.push(standIn);
  const receiver = receiverFor(kind, target, standIn.url.slice(0, standIn.url.length - target.path.length));
  return { target, standIn, receiver };
}

function tell(
  receiver: Receiver,
  name: string,
  more: Partial<RequestOptions> & { timeoutMs?: number } = {},
): Promise<Answer> {
  const { timeoutMs = 10_000, ...options } = more;
  return send(toRequest(receiver, changeOf(name), { at: new Date(), dashboardUrl, ...options }), { policy, timeoutMs });
}

const messageId = (answer: Answer) => (answer.kind === 'delivered' ? answer.messageId : undefined);

describe.each(receiverKinds)('%s', (kind) => {
  it('delivers what happens in the life of an incident', async () => {
    const { receiver, standIn } = await standInFor(kind);
    let earlier: string | undefined;
    for (const name of ['opened', 'escalated', 'mitigated', 'resolved']) {
      const answer = await tell(receiver, name, { earlier });
      expect(answer).toMatchObject({ kind: 'delivered' });
      earlier = messageId(answer) ?? earlier;
    }
    expect(standIn.taken).toHaveLength(4);
    expect(standIn.refused).toEqual([]);
  });

  const tricks: Array<{ name: string; trick: Trick; answers: object }> = [
    { name: 'comes again when it may', trick: { do: 'limit', seconds: 7 }, answers: { kind: 'retry', status: 429 } },
    {
      name: 'comes again after a failure',
      trick: { do: 'answer', status: 500 },
      answers: { kind: 'retry', status: 500 },
    },
    { name: 'comes again after a broken line', trick: { do: 'break' }, answers: { kind: 'retry', status: null } },
    {
      name: 'comes again after silence',
      trick: { do: 'hang' },
      answers: { kind: 'retry', detail: 'no answer (timed out)' },
    },
    { name: 'is gone', trick: { do: 'answer', status: 410 }, answers: { kind: 'gone', status: 410 } },
    {
      name: 'follows no redirect',
      trick: { do: 'answer', status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      answers: { kind: 'rejected', status: 302 },
    },
    {
      name: 'takes 400 for a no',
      trick: { do: 'answer', status: 400, body: 'no' },
      answers: { kind: 'rejected', status: 400 },
    },
  ];

  it.each(tricks)('$name', async ({ trick, answers }) => {
    const { receiver, standIn, target } = await standInFor(kind);
    standIn.play(trick);
    const answer = await tell(receiver, 'opened', { timeoutMs: trick.do === 'hang' ? 150 : 10_000 });
    expect(answer).toMatchObject(answers);
    if (trick.do === 'limit' && answer.kind === 'retry') expect(answer.retryAfterMs).toBeGreaterThanOrEqual(7_000);
    for (const secret of target.secrets) expect(JSON.stringify(answer)).not.toContain(secret);
  });

  it('is no longer listened to after 64 kB, and waited for while it is slow', async () => {
    const { receiver, standIn } = await standInFor(kind);
    standIn.play({ do: 'endless' }, { do: 'delay', ms: 80 });
    expect(['delivered', 'rejected']).toContain((await tell(receiver, 'opened')).kind);
    expect(await tell(receiver, 'opened')).toMatchObject({ kind: 'delivered' });
  });

  it('says nothing of its address and secrets when it cannot be reached, is refused or repeats what it was sent', async () => {
    const { receiver, standIn, target } = await standInFor(kind);
    const request = toRequest(receiver, changeOf('opened'), { at: new Date(), dashboardUrl });
    const everything = [request.url, request.body, ...Object.values(request.headers)].join('\n');
    const echoes = [
      everything,
      JSON.stringify({ detail: everything, status: everything, id: everything, error: { code: everything } }),
    ];
    standIn.play(...echoes.map((body) => ({ do: 'answer' as const, status: 400, body })));
    const answers = [await send(request, { policy }), await send(request, { policy })];
    await standIn.close();
    const named = { ...request, url: request.url.replace('127.0.0.1', 'receiver.test') };
    const failing: Resolve = () => Promise.reject(Object.assign(new Error(everything), { code: 'ENOTFOUND' }));
    answers.push(
      await send(request, { policy }),
      await send(request, { policy: { allowedHosts: [] } }),
      await send(named, { policy: { allowedHosts: ['receiver.test'] }, resolve: failing }),
    );
    expect(answers.map(({ kind: each }) => each)).toEqual(['rejected', 'rejected', 'retry', 'rejected', 'retry']);
    for (const secret of [...target.secrets, receiver.url]) expect(JSON.stringify(answers)).not.toContain(secret);
  });
});

describe('what follows the first message', () => {
  it('Discord: one message, edited twice, posted anew where it was deleted', async () => {
    const { receiver, standIn, target } = await standInFor('discord');
    const first = messageId(await tell(receiver, 'opened'));
    expect(messageId(await tell(receiver, 'escalated', { earlier: first }))).toBe(first);
    expect(messageId(await tell(receiver, 'resolved', { earlier: first }))).toBe(first);
    expect([...target.messages.values()].map((versions) => versions.length)).toEqual([3]);
    target.messages.delete(first!);
    target.messages.set('1', []);
    const anew = messageId(await tell(receiver, 'reopened', { earlier: first }));
    expect(anew).not.toBe(first);
    expect(standIn.taken.map(({ request }) => request.method)).toEqual(['POST', 'PATCH', 'PATCH', 'POST']);
  });

  it('Telegram: replies to the first', async () => {
    const { receiver, target } = await standInFor('telegram');
    const first = messageId(await tell(receiver, 'opened'));
    expect(messageId(await tell(receiver, 'escalated', { earlier: first }))).toBe(first);
    await tell(receiver, 'resolved', { earlier: first });
    const replied = target.messages.map(({ reply_parameters }) => reply_parameters?.message_id);
    expect(replied).toEqual([undefined, Number(first), Number(first)]);
  });

  it('Google Chat: one thread', async () => {
    const { receiver, target } = await standInFor('google-chat');
    for (const name of ['opened', 'escalated', 'resolved']) await tell(receiver, name);
    expect([...target.threads].map(([key, messages]) => [key, messages.length])).toEqual([
      [changeOf('opened').incident_id, 3],
    ]);
  });

  it('PagerDuty: one alert, acknowledged and resolved; another when it comes back', async () => {
    const { receiver, target } = await standInFor('pagerduty');
    const states: string[] = [];
    for (const name of ['opened', 'escalated', 'acknowledged', 'mitigated', 'resolved', 'reopened']) {
      await tell(receiver, name);
      states.push(target.alerts.map(({ status }) => status).join());
    }
    expect(states).toEqual([
      'triggered',
      'triggered',
      'acknowledged',
      'acknowledged',
      'resolved',
      'resolved,triggered',
    ]);
  });

  it('Alertmanager: one label set, firing until it is resolved', async () => {
    const { receiver, target } = await standInFor('alertmanager');
    const firing: number[] = [];
    for (const name of ['opened', 'escalated', 'mitigated', 'resolved']) {
      await tell(receiver, name);
      firing.push(target.firing(Date.now() + 100).length);
    }
    expect(firing).toEqual([1, 1, 1, 0]);
    expect(target.alerts.size).toBe(1);
  });

  it.each(['slack', 'teams', 'mattermost'] as const)('%s: a follow-up that says so', async (kind) => {
    const { receiver, standIn } = await standInFor(kind);
    await tell(receiver, 'opened');
    await tell(receiver, 'escalated');
    const [first, second] = standIn.bodies.map((body) => JSON.stringify(body));
    expect(first).not.toContain('Follow-up');
    expect(second).toContain('Follow-up 1 to the incident that opened 2024-07-19 04:11 UTC');
  });

  it('a release pipeline: its words stand in the detail', async () => {
    const { receiver, standIn } = await standInFor('rollout');
    expect((await tell(receiver, 'opened')).detail).toBe('answered 200: halt of C-00000291-00000000-00000032 begun');
    standIn.play({ do: 'answer', status: 200, body: '{"accepted":false,"detail":"it is not ours"}' });
    expect(await tell(receiver, 'opened')).toMatchObject({
      kind: 'rejected',
      detail: 'not accepted, answered 200: it is not ours',
    });
  });
});
