import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRouting } from './read-routing';
import { routingJsonSchema } from './routing-schema';

const root = join(__dirname, '..', '..', '..');
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const files: Record<string, string> = {
  '/run/secrets/slack': 'https://hooks.slack.example/services/T0/B0/hunter2\n',
  '/run/secrets/webhook': `${secret}\n`,
};
const readFile = (path: string) => {
  if (files[path] === undefined) throw new Error(`hunter2: no ${path}`);
  return files[path];
};
const read = (text: string) => readRouting(text, { readFile, policy: { allowedHosts: ['127.0.0.1'] } });
const problemsOf = (text: string) => {
  const reading = read(text);
  return reading.kind === 'refused' ? reading.problems : [];
};

const good = `receivers:
  - { name: chat, kind: slack, url_file: /run/secrets/slack }
  - { name: on-call, kind: slack, url_file: /run/secrets/slack, min_severity: sev2, rate: 30/min, watchdog: 5m }
  - { name: tools, kind: webhook, url: "https://tools.example/hunter2", secret_file: /run/secrets/webhook }
routes:
  - match: { min_severity: sev1, channel: [channel-file-*, "driver:*"] }
    receivers: [on-call]
    continue: true
    group: 30s
  - receivers: [chat, tools]
fallback: chat
`;

it('reads receivers, routes and the fallback', () => {
  const reading = read(good);
  if (reading.kind === 'refused') throw new Error(reading.problems.join('\n'));
  const { receivers, routes, fallback } = reading.routing;
  expect(receivers.map(({ receiver, ...rest }) => [receiver.name, rest])).toEqual([
    ['chat', { minSeverity: 'sev3', perSecond: undefined, watchdogMs: undefined }],
    ['on-call', { minSeverity: 'sev2', perSecond: 0.5, watchdogMs: 300_000 }],
    ['tools', { minSeverity: 'sev3', perSecond: undefined, watchdogMs: undefined }],
  ]);
  expect(receivers[0]!.receiver.url).toBe(files['/run/secrets/slack']!.trim());
  expect(routes[0]).toMatchObject({
    match: { minSeverity: 'sev1', channels: ['channel-file-*', 'driver:*'], scopes: undefined },
    receivers: ['on-call'],
    goesOn: true,
    groupMs: 30_000,
  });
  expect(routes[1]).toMatchObject({ receivers: ['chat', 'tools'], goesOn: false, groupMs: undefined });
  expect(fallback).toBe('chat');
});

it('reads the same from JSON', () => {
  const json = JSON.stringify({ receivers: [{ name: 'a', kind: 'slack', url: 'http://127.0.0.1:1/x' }] });
  expect(read(json)).toMatchObject({ kind: 'read', routing: { routes: [{ receivers: ['a'] }] } });
});

it('takes a file that tells nobody', () =>
  expect(read('receivers: []')).toMatchObject({ kind: 'read', routing: { receivers: [] } }));

/** The good file with some text in place of other text. */
const but = (from: string, to: string) => {
  expect(good).toContain(from);
  return good.replace(from, to);
};

it.each<{ name: string; text: () => string; says: string }>([
  { name: 'no YAML', text: () => 'receivers: [', says: 'line 1, column 13: wanted YAML or JSON, got what is neither' },
  { name: 'a key twice', text: () => `${good}fallback: tools\n`, says: 'line 12, column 1: wanted YAML or JSON' },
  { name: 'nothing', text: () => '', says: 'line 1, the file: wanted object, got null' },
  {
    name: 'an unknown field',
    text: () => `${good}routs: []\n`,
    says: 'line 1, the file: wanted only known fields, got "routs"',
  },
  {
    name: 'an unknown kind',
    text: () => but('kind: webhook', 'kind: fax'),
    says: 'line 4, receivers[2].kind: wanted "',
  },
  {
    name: 'an unknown field of a receiver',
    text: () => but('watchdog: 5m', 'watchdgo: 5m'),
    says: 'line 3, receivers[1]: wanted only known fields, got "watchdgo"',
  },
  {
    name: 'a file that is not there',
    text: () => but('url_file: /run/secrets/slack }', 'url_file: /nowhere }'),
    says: 'line 2, receivers[0].url_file: wanted a file that can be read, got "/nowhere"',
  },
  {
    name: 'a wrong time',
    text: () => but('watchdog: 5m', 'watchdog: often'),
    says: 'line 3, receivers[1].watchdog: wanted a number and a unit, such as 30s, 5m or 1h',
  },
  {
    name: 'a wrong rate',
    text: () => but('30/min', '30'),
    says: 'line 3, receivers[1].rate: wanted',
  },
  {
    name: 'a name twice',
    text: () => but('name: on-call', 'name: chat'),
    says: 'line 3, receivers[1].name: wanted each name once, got "chat" again, which receivers[0] has',
  },
  {
    name: 'an address that is not allowed',
    text: () => but('https://tools.example/hunter2', 'http://10.0.0.1/hunter2'),
    says: 'line 4, receivers[2] "tools", url: wanted an https address, got http',
  },
  {
    name: 'a receiver that there is not',
    text: () => but('receivers: [on-call]', 'receivers: [on-cal]'),
    says: 'line 7, routes[0].receivers[0]: wanted the name of a receiver (chat, on-call, tools), got "on-cal"; did you mean "on-call"?',
  },
  {
    name: 'a fallback that there is not',
    text: () => but('fallback: chat', 'fallback: phone'),
    says: 'line 11, fallback: wanted the name of a receiver (chat, on-call, tools), got "phone"',
  },
  {
    name: 'a severity that there is not',
    text: () => but('min_severity: sev1', 'min_severity: high'),
    says: 'line 6, routes[0].match.min_severity: wanted "sev1" or "sev2" or "sev3", got something else',
  },
  {
    name: 'an unknown matcher',
    text: () => but('min_severity: sev1', 'severity: sev1'),
    says: 'line 6, routes[0].match: wanted only known fields, got "severity"',
  },
  {
    name: 'a route behind the one for all the rest',
    text: () => but('fallback: chat', '  - { match: { scope: global }, receivers: [chat] }\nfallback: chat'),
    says: 'line 11, routes[2]: wanted a route that something comes to, got one behind routes[1], which takes all of it',
  },
  {
    name: 'a route behind a wider one',
    text: () =>
      but(
        '  - receivers: [chat, tools]',
        `  - { match: { min_severity: sev2, channel: "channel-*" }, receivers: [chat] }
  - { match: { min_severity: sev1, channel: channel-file-291, scope: global }, receivers: [tools] }
  - receivers: [tools]`,
      ),
    says: 'line 11, routes[2]: wanted a route that something comes to, got one behind routes[1]',
  },
  {
    name: 'nobody for the rest',
    text: () => but('  - receivers: [chat, tools]', '  - { match: { scope: global }, receivers: [chat, tools] }'),
    says: 'line 10, routes[1]: wanted a last route without match, which says who hears of all the rest',
  },
  {
    name: 'a receiver that hears of nothing',
    text: () => but('receivers: [chat, tools]', 'receivers: [chat]'),
    says: 'line 4, receivers[2]: wanted "tools" in a route, as the fallback or with a watchdog, got it nowhere',
  },
  {
    name: 'too long a time to gather',
    text: () => but('group: 30s', 'group: 1h'),
    says: 'line 9, routes[0].group: wanted at most 10m',
  },
])('says what is wrong with $name', ({ text, says }) => {
  const problems = problemsOf(text());
  expect(problems.join('\n')).toContain(says);
  expect(problems.join('\n')).not.toContain('hunter2');
});

it('names every problem at once', () => {
  const text = but('kind: webhook', 'kind: fax').replace('watchdog: 5m', 'watchdog: x');
  expect(problemsOf(text)).toHaveLength(2);
});

describe('deploy', () => {
  it('has the JSON Schema of the file (UPDATE_SCHEMA=1 writes it)', () => {
    const path = join(root, 'deploy', 'notifier.schema.json');
    const text = `${JSON.stringify(routingJsonSchema(), undefined, 2)}\n`;
    if (process.env['UPDATE_SCHEMA']) writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('has an example that is right', () => {
    const text = readFileSync(join(root, 'deploy', 'examples', 'notifier.yaml'), 'utf8');
    const secretOf: Record<string, string> = {
      '/run/secrets/slack-url': 'https://hooks.slack.com/services/T/B/x',
      '/run/secrets/pagerduty-key': '0123456789abcdef0123456789abcdef',
      '/run/secrets/release-tools': secret,
    };
    const reading = readRouting(text, {
      readFile: (path) => secretOf[path] ?? '',
      policy: { allowedHosts: ['alertmanager.internal'] },
    });
    expect(reading.kind === 'refused' ? reading.problems : []).toEqual([]);
  });
});
