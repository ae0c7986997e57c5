import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidentChangeSchema } from '@ringwatch/incident';
import { send, toRequest, type Receiver } from '@ringwatch/webhook';
import { startLocalReceiver, type LocalReceiver, type Received } from './local-receiver';

const cases = join(__dirname, '..', '..', '..', 'libs', 'webhook', 'cases');
const opened = JSON.parse(readFileSync(join(cases, 'opened.json'), 'utf8')) as {
  given: unknown;
  dashboard_url: string;
  chat: string[];
};
const change = incidentChangeSchema.parse(opened.given);
const policy = { allowedHosts: ['127.0.0.1'] };
const received: Received[] = [];
let local: LocalReceiver;

beforeAll(async () => {
  local = await startLocalReceiver({ onMessage: (message) => received.push(message) });
});
afterAll(() => local.close());
beforeEach(() => received.splice(0));

const at = new Date();
const options = { at, dashboardUrl: opened.dashboard_url };
const tell = (receiver: Receiver, requestOptions = options) =>
  send(toRequest(receiver, change, requestOptions), { policy });
const webhook = (secret: string): Receiver => ({
  kind: 'webhook',
  name: 'w',
  url: `${local.url}/webhook`,
  secrets: [secret],
});

it('shows what was sent to Slack as it reads in chat', async () => {
  expect(await tell({ kind: 'slack', name: 's', url: `${local.url}/slack` })).toMatchObject({ kind: 'delivered' });
  expect(received).toEqual([{ kind: 'slack', text: opened.chat.join('\n') }]);
});

it('takes a signed webhook and shows it once, however often it comes', async () => {
  expect(await tell(webhook(local.secret))).toMatchObject({ kind: 'delivered' });
  expect(await tell(webhook(local.secret))).toMatchObject({ kind: 'delivered' });
  expect(received).toEqual([{ kind: 'webhook', text: expect.stringContaining(opened.chat[0]!) }]);
});

it.each([
  {
    name: 'another secret',
    secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
    moment: at,
    reason: 'no signature fits',
  },
  { name: 'an old moment', secret: undefined, moment: new Date(0), reason: 'webhook-timestamp is over 5 minutes away' },
])('turns away a webhook signed with $name, and says so', async ({ secret, moment, reason }) => {
  const answer = await tell(webhook(secret ?? local.secret), { ...options, at: moment });
  expect(answer).toMatchObject({ kind: 'rejected', status: 401 });
  expect(received).toEqual([{ kind: 'refused', path: '/webhook', status: 401, reason }]);
});

it.each([
  { path: '/slack', init: { method: 'POST', body: '{' }, status: 400 },
  { path: '/slack', init: { method: 'POST', body: '{}' }, status: 400 },
  { path: '/slack', init: { method: 'GET' }, status: 405 },
  { path: '/other', init: { method: 'POST', body: '{}' }, status: 404 },
  { path: '/slack', init: { method: 'POST', body: ' '.repeat(300_000) }, status: 413 },
])('answers $status to a bad request on $path', async ({ path, init, status }) => {
  expect((await fetch(`${local.url}${path}`, init)).status).toBe(status);
  expect(received).toEqual([expect.objectContaining({ kind: 'refused', path, status })]);
});

it('says when its port is taken', async () =>
  expect(startLocalReceiver({ port: local.port, onMessage: () => undefined })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  }));
