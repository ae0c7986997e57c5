import { targets } from '../../stand-ins';
import { changeOf, receiverFor } from '../made-up.fixture';
import { definitionOf, toRequest, wants, type Receiver } from '../receiver';
import type { RequestOptions } from '../receiver-definition';

const pipeline = receiverFor('rollout', targets.rollout(), 'https://pipeline.example');
const at = new Date('2024-07-19T04:11:40Z');
const dataOf = (receiver: Receiver, name: string, more: Partial<RequestOptions> = {}) =>
  (JSON.parse(toRequest(receiver, changeOf(name), { at, ...more }).body) as { data: Record<string, unknown> }).data;

it.each<{ name: string; earlier?: string; action: string | undefined }>([
  { name: 'opened', action: 'halt' },
  { name: 'opened', earlier: 'halt', action: undefined },
  { name: 'escalated', earlier: 'halt', action: 'roll_back' },
  { name: 'updated', earlier: 'resume', action: 'halt' },
  { name: 'updated', earlier: 'roll_back', action: undefined },
  { name: 'resolved', earlier: 'halt', action: 'resume' },
  { name: 'resolved', earlier: 'resume', action: undefined },
  { name: 'superseded', earlier: 'roll_back', action: 'resume' },
  { name: 'no-update', action: undefined },
])('$name after $earlier: $action', ({ name, earlier, action }) => {
  const more = {
    escalated: { recommendation: 'roll_back' },
    updated: { recommendation: 'halt' },
    resolved: { mitigation: null },
  } as const;
  const change = changeOf(name, more[name as keyof typeof more] ?? {});
  expect(wants('rollout', change, earlier)).toBe(action !== undefined);
  if (action === undefined) return;
  const { body } = toRequest(pipeline, change, { at });
  expect(JSON.parse(body)).toMatchObject({ type: `rollout.${action}`, data: { action } });
});

it('does not let an update go on that does no more harm because it was withdrawn', () => {
  const withdrawn = {
    mitigation: { cause: 'withdrawn', at: '2024-07-19T05:27:00.000Z', exposed_hosts: 1600 },
  } as const;
  expect(wants('rollout', changeOf('resolved', withdrawn), 'halt')).toBe(false);
});

it('asks for nothing where only a look is recommended', () =>
  expect(wants('rollout', changeOf('opened', { recommendation: 'investigate' }))).toBe(false));

it('names the update, the incident, the numbers, and why in words', () =>
  expect(dataOf(pipeline, 'opened')).toMatchObject({
    update_channel: 'channel-file-291',
    update_version: 'C-00000291-00000000-00000032',
    incident_id: changeOf('opened').incident_id,
    sequence: 1,
    severity: 'sev1',
    reason: expect.stringContaining('SEV1 opened: hosts crash under channel-file-291'),
    numbers: { observed: 41, crashed_hosts: 41, exposed_hosts: 1210 },
  }));

it('names what cannot be told apart', () =>
  expect(dataOf(pipeline, 'inseparable')['inseparable']).toEqual([
    { update_channel: expect.any(String), update_version: expect.any(String) },
  ]));

it('is a dry run where the entry says so, and in a test', () => {
  expect(dataOf(pipeline, 'opened')).not.toHaveProperty('dry_run');
  expect(dataOf({ ...pipeline, dry_run: true } as Receiver, 'opened')).toMatchObject({ dry_run: true });
  expect(dataOf(pipeline, 'opened', { isTest: true })).toMatchObject({ dry_run: true });
});

describe('what the pipeline answers', () => {
  const request = toRequest(pipeline, changeOf('opened'), { at });
  const answer = (status: number, body: string) =>
    definitionOf('rollout').classify({ status, body, retryAfter: undefined }, request, at);

  it.each([
    {
      status: 200,
      body: '{"accepted":true,"detail":"paused"}',
      answers: { kind: 'delivered', detail: 'answered 200: paused', messageId: 'halt' },
    },
    { status: 204, body: '', answers: { kind: 'delivered', detail: 'answered 204', messageId: 'halt' } },
    { status: 200, body: '{"accepted":false}', answers: { kind: 'rejected', detail: 'not accepted, answered 200' } },
    { status: 200, body: '<html>', answers: { kind: 'delivered', detail: 'answered 200' } },
    { status: 409, body: '{"detail":"busy"}', answers: { kind: 'retry', detail: 'answered 409: busy' } },
    { status: 422, body: '{"detail":7}', answers: { kind: 'rejected', detail: 'answered 422' } },
    { status: 200, body: '{"detail":"a\\nb\\u202ec"}', answers: { detail: 'answered 200: a b c' } },
    {
      status: 400,
      body: JSON.stringify({
        detail: `no route ${request.url}, key rolloutHunter2, ${request.headers['webhook-signature']}`,
      }),
      answers: { detail: 'answered 400: no route ***, key ***, v1,*** v1,***' },
    },
  ])('$status $body', ({ status, body, answers }) => expect(answer(status, body)).toMatchObject(answers));

  it('no more than 200 characters of it', () => {
    expect(answer(200, JSON.stringify({ detail: 'd'.repeat(200) })).detail).toBe(`answered 200: ${'d'.repeat(200)}`);
    expect(answer(200, JSON.stringify({ detail: 'd'.repeat(201) })).detail).toBe(`answered 200: ${'d'.repeat(199)}…`);
  });
});
