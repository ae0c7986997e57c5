import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentChangeSchema } from '@ringwatch/incident';
import { Webhook } from 'standardwebhooks';
import { toRequest, type Receiver } from './receiver';
import { deliveryKey } from './sign';

const { given } = JSON.parse(readFileSync(join(__dirname, '..', 'cases', 'opened.json'), 'utf8')) as { given: unknown };
const change = incidentChangeSchema.parse(given);
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const webhook: Receiver = { kind: 'webhook', name: 'ops', url: 'https://ops.example/in', secrets: [secret] };
const slack: Receiver = { kind: 'slack', name: 'chat', url: 'https://hooks.slack.example/services/T0' };

it('sends a generic webhook the change itself, signed', () => {
  const { url, headers, body } = toRequest(webhook, change, { at: new Date() });
  expect(url).toBe(webhook.url);
  expect(headers['webhook-id']).toBe(deliveryKey('ops', change));
  expect(new Webhook(secret).verify(body, headers)).toEqual({
    type: 'incident.opened',
    timestamp: change.detected_at,
    data: change,
  });
});

it('differs between attempts in nothing but the moment and the signature', () => {
  const [first, second] = [1_000, 61_000].map((at) => toRequest(webhook, change, { at: new Date(at) }));
  expect(second!.body).toBe(first!.body);
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  expect(second!.headers['webhook-timestamp']).toBe('61');
  expect(second!.headers['webhook-signature']).not.toBe(first!.headers['webhook-signature']);
});

it('sends Slack blocks and a text, with links only where there is a dashboard', () => {
  const bare = toRequest(slack, change, { at: new Date() });
  expect(bare.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(JSON.parse(bare.body)).toMatchObject({
    text: expect.stringContaining('SEV1 opened'),
    blocks: expect.any(Array),
  });
  expect(bare.body).not.toContain('https://');
  const linked = toRequest(slack, change, { at: new Date(), dashboardUrl: 'https://ringwatch.example' });
  expect(linked.body).toContain(`<https://ringwatch.example/incidents/${change.incident_id}|Incident>`);
});
