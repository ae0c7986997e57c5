import { readNotifierConfig, readNotifierRouting } from './config';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const newer = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const files: Record<string, string> = {
  '/run/secrets/slack': 'https://hooks.slack.example/services/T0/B0/hunter2\n',
  '/run/secrets/webhook': `${newer}\n${secret}\n`,
};
const readFile = (path: string) => {
  if (files[path] === undefined) throw new Error(`hunter2: no ${path}`);
  return files[path];
};
const routing = (env: Record<string, string>) => readNotifierRouting(readNotifierConfig(env), readFile);
const receivers = (env: Record<string, string>) =>
  routing(env).receivers.map(({ receiver, minSeverity }) => ({ receiver, minSeverity }));
const listed = (...entries: unknown[]) => ({ NOTIFIER_RECEIVERS: JSON.stringify(entries) });
const webhook = { kind: 'webhook', name: 'ops', url: 'https://ops.example/hunter2', secrets: [secret] };
const slack = { kind: 'slack', name: 'chat', url: 'https://hooks.slack.example/services/hunter2' };

it('has defaults for everything', () =>
  expect(readNotifierConfig({})).toMatchObject({
    HTTP_PORT: 8083,
    NOTIFIER_MAX_AGE: 86_400_000,
    NOTIFIER_STALE_AFTER: 120_000,
    NOTIFIER_ALLOW_PRIVATE_TARGETS: [],
  }));

it('reads units, lists and addresses', () =>
  expect(
    readNotifierConfig({
      NOTIFIER_MAX_AGE: '90m',
      NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1, hooks.internal',
      NOTIFIER_DASHBOARD_URL: 'https://ringwatch.example//',
    }),
  ).toMatchObject({
    NOTIFIER_MAX_AGE: 5_400_000,
    NOTIFIER_ALLOW_PRIVATE_TARGETS: ['127.0.0.1', 'hooks.internal'],
    NOTIFIER_DASHBOARD_URL: 'https://ringwatch.example',
  }));

it('tells nobody when nobody is configured', () => expect(receivers({})).toEqual([]));

it('takes one Slack and one webhook without a list', () =>
  expect(
    receivers({
      NOTIFIER_SLACK_URL: 'http://127.0.0.1:9000/slack',
      NOTIFIER_WEBHOOK_URL: 'https://ops.example/in',
      NOTIFIER_WEBHOOK_SECRET: `${newer} ${secret}`,
      NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1',
    }),
  ).toEqual([
    { receiver: { kind: 'slack', name: 'slack', url: 'http://127.0.0.1:9000/slack' }, minSeverity: 'sev3' },
    {
      receiver: { kind: 'webhook', name: 'webhook', url: 'https://ops.example/in', secrets: [newer, secret] },
      minSeverity: 'sev3',
    },
  ]));

it('takes a list, with addresses and secrets in files', () =>
  expect(
    receivers(
      listed(
        { kind: 'slack', name: 'chat', url_file: '/run/secrets/slack', min_severity: 'sev1' },
        { kind: 'webhook', name: 'ops', url: 'https://ops.example/in', secret_file: '/run/secrets/webhook' },
      ),
    ),
  ).toEqual([
    {
      receiver: { kind: 'slack', name: 'chat', url: 'https://hooks.slack.example/services/T0/B0/hunter2' },
      minSeverity: 'sev1',
    },
    {
      receiver: { kind: 'webhook', name: 'ops', url: 'https://ops.example/in', secrets: [newer, secret] },
      minSeverity: 'sev3',
    },
  ]));

it.each<{ env: Record<string, string>; says: string }>([
  { env: { NOTIFIER_RECEIVERS: '- name: yaml' }, says: 'wanted a JSON list, got something that is not JSON' },
  { env: { NOTIFIER_RECEIVERS: '{}' }, says: 'receivers: wanted array, got object' },
  { env: listed({ name: 'x' }), says: 'receivers[0].kind: wanted "slack" or "teams"' },
  { env: listed(slack, { ...webhook, name: 5 }), says: 'receivers[1].name: wanted string, got number' },
  { env: listed({ ...slack, name: 'Ops Chat' }), says: 'receivers[0].name: wanted 1 to 40 of a-z' },
  {
    env: listed({ ...slack, min_severity: 'high' }),
    says: 'receivers[0].min_severity: wanted "sev1" or "sev2" or "sev3"',
  },
  { env: listed({ ...slack, chanel: '#ops' }), says: 'receivers[0]: wanted only known fields, got "chanel"' },
  {
    env: listed({ ...slack, url: undefined }),
    says: 'receivers[0].url: wanted it either here or by url_file, got neither',
  },
  {
    env: listed({ ...slack, url_file: '/run/secrets/slack' }),
    says: 'receivers[0].url: wanted it either here or by url_file, got both',
  },
  {
    env: listed({ ...webhook, secrets: undefined }),
    says: 'receivers[0].secrets: wanted it either here or by secret_file, got neither',
  },
  { env: listed({ ...webhook, secrets: [] }), says: 'receivers[0].secrets: wanted at least one, got none' },
  { env: listed({ ...webhook, secrets: ['hunter2'] }), says: 'receivers[0].secrets[0]: wanted whsec_' },
  {
    env: listed({ kind: 'slack', name: 'chat', url_file: '/nowhere' }),
    says: 'receivers[0].url_file: wanted a file that can be read, got "/nowhere"',
  },
  { env: listed(slack, slack), says: 'receivers[1].name: wanted each name once, got "chat" again' },
  {
    env: listed({ ...slack, url: 'http://10.0.0.1/hunter2' }),
    says: 'receivers[0] "chat", url: wanted an https address, got http',
  },
  {
    env: listed({ ...slack, url: 'hunter2' }),
    says: 'receivers[0] "chat", url: wanted an https address, got something',
  },
  {
    env: { NOTIFIER_WEBHOOK_URL: webhook.url },
    says: 'NOTIFIER_WEBHOOK_SECRET.secrets: wanted at least one, got none',
  },
  {
    env: { NOTIFIER_WEBHOOK_SECRET: secret },
    says: 'NOTIFIER_WEBHOOK_URL: wanted with NOTIFIER_WEBHOOK_SECRET, got nothing',
  },
])('says $says', ({ env, says }) => {
  const read = () => routing(env);
  expect(read).toThrow(says);
  expect(read).not.toThrow(/hunter2/);
});

it('names every problem at once', () =>
  expect(() => routing(listed({ ...slack, name: 'No' }, { ...webhook, kind: 'fax' }))).toThrow(
    /receivers\[0\][^]*receivers\[1\]/,
  ));

it('takes receivers and routes of a file, and then none from elsewhere', () => {
  const file = `receivers: [{ name: chat, kind: slack, url: "https://hooks.slack.example/hunter2" }]\nroutes: [{ receivers: [chat] }]`;
  expect(routing({ NOTIFIER_CONFIG: file })).toMatchObject({ routes: [{ receivers: ['chat'] }] });
  expect(() => routing({ NOTIFIER_CONFIG: file, NOTIFIER_SLACK_URL: slack.url })).toThrow(
    'NOTIFIER_CONFIG: wanted all receivers in it, got some in',
  );
  expect(() => routing({ NOTIFIER_CONFIG: file.replace('receivers: [chat]', 'receivers: [cat]') })).toThrow(
    'line 2, routes[0].receivers[0]: wanted the name of a receiver (chat), got "cat"; did you mean "chat"?',
  );
});

it('can do without the watch over the pipeline', () =>
  expect(readNotifierConfig({ NOTIFIER_STALE_AFTER: 'off' }).NOTIFIER_STALE_AFTER).toBeUndefined());
