import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { targets } from '../stand-ins';
import { receiverKinds, type ReceiverKind } from './receiver';
import { readReceiver } from './receiver-entry';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const files: Record<string, string> = {
  '/run/url': ' https://target.example/hunter2\n',
  '/run/key': 'hunter2hunter2hunter2hunter2hunt\n',
  '/run/secrets': `${secret}\n${secret}\n`,
  '/run/token': '123456789:AAhunter2hunter2hunter2hunter2hunt\n',
};
const readFile = (path: string) => {
  if (files[path] === undefined) throw new Error(`hunter2: no ${path}`);
  return files[path];
};
const also = { min_severity: z.enum(['sev1', 'sev2']).default('sev2') };
const read = (entry: unknown) => readReceiver(entry, { place: 'receivers[0]', readFile, also });

it.each(receiverKinds)('reads a plain entry: %s', (kind) => {
  const { path, settings } = targets[kind]();
  const reading = read({ kind, name: 'x', url: `https://target.example${path}`, ...settings, min_severity: 'sev1' });
  expect(reading).toEqual({
    kind: 'read',
    receiver: { kind, name: 'x', url: `https://target.example${path}`, ...settings },
    also: { min_severity: 'sev1' },
  });
});

it.each<{ entry: object; receiver: object }>([
  { entry: { kind: 'slack', name: 'x', url_file: '/run/url' }, receiver: { url: 'https://target.example/hunter2' } },
  {
    entry: { kind: 'pagerduty', name: 'x', routing_key_file: '/run/key' },
    receiver: { url: 'https://events.pagerduty.com/v2/enqueue', routing_key: files['/run/key']!.trim() },
  },
  {
    entry: { kind: 'telegram', name: 'x', bot_token_file: '/run/token', chat_id: '@ringwatch' },
    receiver: { url: 'https://api.telegram.org', chat_id: '@ringwatch' },
  },
  {
    entry: { kind: 'rollout', name: 'x', url_file: '/run/url', secret_file: '/run/secrets', dry_run: true },
    receiver: { secrets: [secret, secret], dry_run: true },
  },
])('fills in files and usual addresses: $entry.kind', ({ entry, receiver }) =>
  expect(read(entry)).toMatchObject({ kind: 'read', receiver, also: { min_severity: 'sev2' } }),
);

it('reads every entry that docs/receivers.md shows, one of each kind', () => {
  const docs = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'receivers.md'), 'utf8');
  const entries = [...docs.matchAll(/```yaml\n([^]*?)```/g)].flatMap(
    ([, text]) => parse(text!) as Array<{ kind: string }>,
  );
  const fileFor = (path: string) =>
    path.endsWith('token')
      ? files['/run/token']!
      : path.endsWith('key')
        ? files['/run/key']!
        : path.endsWith('url')
          ? files['/run/url']!
          : secret;
  const readings = entries.map((entry) =>
    readReceiver(entry, { place: entry.kind, readFile: fileFor, also: { min_severity: z.string().optional() } }),
  );
  expect(readings.flatMap((reading) => (reading.kind === 'refused' ? reading.problems : []))).toEqual([]);
  expect(entries.map(({ kind }) => kind).sort()).toEqual([...receiverKinds].sort());
});

const url = 'https://target.example/hunter2';
it.each<{ entry: unknown; says: string }>([
  { entry: 'hunter2', says: 'receivers[0]: wanted record, got string' },
  { entry: null, says: 'receivers[0]: wanted record, got' },
  { entry: { kind: 'fax', name: 'x' }, says: 'receivers[0].kind: wanted "slack" or "teams" or ' },
  { entry: { kind: 'toString', name: 'x' }, says: 'receivers[0].kind: wanted "slack"' },
  { entry: { kind: 'teams', name: 'x' }, says: 'receivers[0].url: wanted it either here or by url_file, got neither' },
  {
    entry: { kind: 'teams', name: 'x', url, url_file: '/run/url' },
    says: 'receivers[0].url: wanted it either here or by url_file, got both',
  },
  {
    entry: { kind: 'teams', name: 'x', url_file: '/no' },
    says: 'receivers[0].url_file: wanted a file that can be read, got "/no"',
  },
  {
    entry: { kind: 'teams', name: 'x', url_file: 7 },
    says: 'receivers[0].url_file: wanted a file that can be read, got number',
  },
  {
    entry: { kind: 'teams', name: 'x', url, min_severity: 'sev9' },
    says: 'receivers[0].min_severity: wanted "sev1" or "sev2"',
  },
  { entry: { kind: 'teams', name: 'x', url, chanel: 1 }, says: 'receivers[0]: wanted only known fields, got "chanel"' },
  {
    entry: { kind: 'pagerduty', name: 'x', routing_key: 'hunter2' },
    says: 'receivers[0].routing_key: wanted the 32 letters',
  },
  {
    entry: { kind: 'pagerduty', name: 'x' },
    says: 'receivers[0].routing_key: wanted it either here or by routing_key_file',
  },
  {
    entry: { kind: 'telegram', name: 'x', bot_token: 'hunter2', chat_id: 5 },
    says: 'receivers[0].bot_token: wanted a bot token',
  },
  {
    entry: { kind: 'telegram', name: 'x', bot_token_file: '/run/token', chat_id: 'ops' },
    says: 'receivers[0].chat_id: wanted a number or @channelname',
  },
  {
    entry: { kind: 'telegram', name: 'x', bot_token_file: '/run/token' },
    says: 'receivers[0].chat_id: wanted a number or @channelname',
  },
  { entry: { kind: 'rollout', name: 'x', url, secrets: ['hunter2'] }, says: 'receivers[0].secrets[0]: wanted whsec_' },
  {
    entry: { kind: 'rollout', name: 'x', url, secrets: [] },
    says: 'receivers[0].secrets: wanted at least one, got none',
  },
  {
    entry: { kind: 'webhook', name: 'x', url, secrets: [secret], format: 'xml' },
    says: 'receivers[0].format: wanted "standard" or "cloudevents"',
  },
  {
    entry: { kind: 'alertmanager', name: 'x', url, labels: { 'a-b': 'c' } },
    says: 'receivers[0].labels: wanted label names of',
  },
  {
    entry: { kind: 'alertmanager', name: 'x', url, labels: { alertname: 'c' } },
    says: `receivers[0].labels: wanted other labels than Ringwatch's own, got "alertname"`,
  },
])('says $says', ({ entry, says }) => {
  const reading = read(entry);
  expect(reading).toMatchObject({ kind: 'refused', problems: [expect.stringContaining(says)] });
  expect(JSON.stringify(reading)).not.toMatch(/hunter2/);
});

it('names every problem of an entry', () => {
  const kind: ReceiverKind = 'telegram';
  const reading = read({ kind, name: 'Not A Name', bot_token: '', chat_id: 'ops', message_thread_id: -1 });
  expect(reading.kind === 'refused' && reading.problems).toHaveLength(4);
});
