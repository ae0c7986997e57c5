import type * as AdaptiveCards from 'adaptivecards';
import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { targets } from '../stand-ins';
import { changeOf, receiverFor } from './made-up.fixture';
import { toRequest, type Receiver } from './receiver';

/** Its entry is a module of the newer kind, which Jest on Node 20 cannot load; this is the same as one file. */
const { AdaptiveCard, SerializationContext, Version } = jest.requireActual<typeof AdaptiveCards>(
  'adaptivecards/dist/adaptivecards.js',
);

/** What others have written to read what we send. */
const secrets = [8, 7].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`);
const hook: Receiver = { kind: 'webhook', name: 'ops', url: 'https://ops.example/in', secrets };
const options = { at: new Date(), dashboardUrl: 'https://ringwatch.example' };
const change = changeOf('opened');

describe('standardwebhooks', () => {
  const requests = [
    toRequest(hook, change, options),
    toRequest({ ...hook, format: 'cloudevents' }, change, options),
    toRequest(receiverFor('rollout', targets.rollout(), 'https://pipeline.example'), change, options),
  ];

  it.each(requests)('accepts $kind with either of two secrets, and no changed byte', ({ headers, body }) => {
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    const changed = body.replace('sev1', 'sev3');
    expect(() => new Webhook(secrets[0]!).verify(changed, headers)).toThrow('No matching signature');
    const old = { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) - 301) };
    expect(() => new Webhook(secrets[0]!).verify(body, old)).toThrow('too old');
  });
});

it('cloudevents reads an event with the change in it', () => {
  const { headers, body } = toRequest({ ...hook, format: 'cloudevents' }, change, options);
  expect(HTTP.isEvent({ headers, body })).toBe(true);
  const event = HTTP.toEvent({ headers, body });
  expect(event).not.toBeInstanceOf(Array);
  expect(event).toMatchObject({
    specversion: '1.0',
    type: 'ringwatch.incident.opened',
    source: '/ringwatch',
    subject: change.incident_id,
    time: change.detected_at,
    id: headers['webhook-id'],
    data: change,
  });
});

it.each(['opened', 'escalated', 'resolved', 'hostile-names', 'no-update'])(
  'adaptivecards finds nothing wrong with a card: %s',
  (name) => {
    const { body } = toRequest(receiverFor('teams', targets.teams(), 'https://teams.example'), changeOf(name), options);
    const { attachments } = JSON.parse(body) as { attachments: [{ content: object }] };
    const context = new SerializationContext(new Version(1, 4));
    const card = new AdaptiveCard();
    card.parse(attachments[0].content, context);
    const events = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i));
    expect(events.map(({ message }: AdaptiveCards.IValidationEvent) => message)).toEqual([]);
    expect(card.validateProperties().validationEvents).toEqual([]);
    expect(card.getItemCount()).toBeGreaterThan(3);
  },
);
