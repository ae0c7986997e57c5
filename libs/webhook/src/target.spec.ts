import { checkTarget, problemWithTarget, type Resolve } from './target';

const none = { allowedHosts: [] };
const local = { allowedHosts: ['127.0.0.1', '::1', 'Hooks.Internal'] };

it.each([
  { url: 'https://hooks.slack.com/services/T0/B0/hunter2', policy: none, problem: undefined },
  { url: 'https://1.1.1.1/', policy: none, problem: undefined },
  { url: 'http://hooks.slack.com/hunter2', policy: none, problem: 'got http' },
  { url: 'ftp://hooks.slack.com/hunter2', policy: none, problem: 'got ftp' },
  { url: 'file:///etc/hunter2', policy: local, problem: 'got file' },
  { url: 'hunter2', policy: none, problem: 'not a URL' },
  { url: 'https://ops:hunter2@hooks.slack.com/', policy: none, problem: 'without user name' },
  { url: 'https://127.0.0.1/hunter2', policy: none, problem: 'wanted a public address' },
  { url: 'https://2130706433/', policy: none, problem: 'wanted a public address' },
  { url: 'https://0x7f.1/', policy: none, problem: 'wanted a public address' },
  { url: 'https://0177.0.0.1/', policy: none, problem: 'wanted a public address' },
  { url: 'https://0x7F000001/', policy: none, problem: 'wanted a public address' },
  { url: 'https://017700000001/', policy: none, problem: 'wanted a public address' },
  { url: 'https://127.1/', policy: none, problem: 'wanted a public address' },
  { url: 'https://127.0.0.1./', policy: none, problem: 'wanted a public address' },
  { url: 'https://①②⑦.⓪.⓪.①/', policy: none, problem: 'wanted a public address' },
  { url: 'https://%31%32%37.0.0.1/', policy: none, problem: 'wanted a public address' },
  { url: 'https://[0:0:0:0:0:ffff:7f00:1]/', policy: none, problem: 'wanted a public address' },
  { url: 'https://[64:ff9b::169.254.169.254]/', policy: none, problem: 'wanted a public address' },
  { url: 'https://[2002:7f00:1::]/', policy: none, problem: 'wanted a public address' },
  { url: 'https://[fe80::1%25eth0]/', policy: none, problem: 'not a URL' },
  { url: 'https://[::ffff:10.0.0.1]/', policy: none, problem: 'wanted a public address' },
  { url: 'https://169.254.169.254/latest/meta-data', policy: local, problem: 'wanted a public address' },
  { url: 'http://127.0.0.1:8080/slack', policy: local, problem: undefined },
  { url: 'http://[::1]:8080/slack', policy: local, problem: undefined },
  { url: 'http://hooks.internal./slack', policy: local, problem: undefined },
  { url: 'http://127.0.0.2/', policy: local, problem: 'got http' },
])('$url', ({ url, policy, problem }) => {
  const found = problemWithTarget(url, policy);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
  expect(found ?? '').not.toContain('hunter2');
});

const resolving =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));

it.each([
  { name: 'public ones', policy: none, resolve: resolving('1.1.1.1', '2606:4700:4700::1111'), kind: 'open' },
  { name: 'one private among them', policy: none, resolve: resolving('1.1.1.1', '10.0.0.8'), kind: 'refused' },
  { name: 'loopback', policy: none, resolve: resolving('::1'), kind: 'refused' },
  { name: 'a tunnel to a private one', policy: none, resolve: resolving('64:ff9b::10.0.0.1'), kind: 'refused' },
  { name: 'one with a zone', policy: none, resolve: resolving('fe80::1%2'), kind: 'refused' },
  { name: 'nothing', policy: none, resolve: resolving(), kind: 'refused' },
  { name: 'metadata', policy: local, resolve: resolving('169.254.169.254'), kind: 'refused' },
])('a name that stands for $name is $kind', async ({ policy, resolve, kind }) =>
  expect((await checkTarget(new URL('https://hooks.example/'), policy, resolve)).kind).toBe(kind),
);

it('lets a name that is allowed be private', async () => {
  const target = await checkTarget(new URL('http://hooks.internal/'), local, resolving('10.0.0.8'));
  expect(target).toEqual({ kind: 'open', addresses: [{ address: '10.0.0.8', family: 4 }] });
});
