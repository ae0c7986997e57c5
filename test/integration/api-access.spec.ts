import { connect } from 'node:net';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type KeyScope, drawKey, storeApiKey } from '@ringwatch/clickhouse';
import { type ApiUnderTest, incidentOn, insert, insertIncidents, startApiUnderTest } from '../support/api';

const start = Date.parse('2024-07-19T04:00:00.000Z');
const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
const told = (minutes: number) => ({ occurred_at: at(minutes), received_at: at(minutes) });

/** Two organisations that share one update; each has one of its own. All that is of `beta` has `beta` in its name. */
const hostOf = (org: 'alpha' | 'beta', n: number) => ({
  host_id: `${org}-host-${n}`,
  org_id: org,
  country: org === 'alpha' ? 'DE' : 'JP',
  os_build: `${org}-build`,
});
const updatesOf = (org: string) => [
  ['shared', '1'],
  [`${org}-channel`, `${org}-version`],
];

describe('who may ask the api', () => {
  let api: ApiUnderTest;
  const keys: Record<string, string> = {};
  const ask = (path: string, key?: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    fetch(`${api.url}${path}`, {
      ...init,
      headers: { ...(key && { authorization: `Bearer ${key}` }), ...init.headers },
    });
  const post = (path: string, key: string | undefined, body: object, headers: Record<string, string> = {}) =>
    ask(path, key, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  let assigned: Promise<Response>;
  let dawdled: Promise<number[]>;
  const addKey = async (name: string, scopes: KeyScope[], orgs: string[] = []) => {
    const { key, keyId, secretHash } = drawKey();
    const stored = { keyId, name, secretHash, scopes, orgs, createdAt: new Date(start), revokedAt: null };
    await storeApiKey(api.db, stored);
    keys[name] = key;
    return stored;
  };

  beforeAll(async () => {
    api = await startApiUnderTest({ API_ACCESS: 'keys', KAFKA_BROKERS: '127.0.0.1:1', API_VERDICT_MIN_HOSTS: '6' });
    for (const scope of ['read', 'triage', 'admin', 'ingest'] as const) await addKey(scope, [scope]);
    await addKey('of alpha', ['admin'], ['alpha']);
    await fill();
    // Both take their time: others are answered meanwhile.
    assigned = post('/api/v1/incidents/inc-shared/assign', keys['triage'], { assignee: 'ben' });
    dawdled = Promise.all([
      closedAfter('GET /api/v1/status HTTP/1.1\r\nHost: x\r\nX-Slow: '),
      closedAfter(
        'POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"key":',
      ),
    ]);
  });
  afterAll(() => api.stop());

  async function fill(): Promise<void> {
    const { db } = api;
    const both = ['alpha', 'beta'] as const;
    const numbers = Array.from({ length: 5 }, (_, n) => n);
    const all = both.flatMap((org) => numbers.map((n) => ({ org, n, host: hostOf(org, n) })));
    await insert(db, 'updates', [
      { event_id: 'u', ...told(0), action: 'shipped', update_channel: 'shared', update_version: '1' },
      { event_id: 'v', ...told(0), action: 'shipped', update_channel: 'beta-channel', update_version: 'beta-version' },
    ]);
    await insert(
      db,
      'installs',
      all.flatMap(({ org, n, host }) =>
        updatesOf(org).map(([channel, version]) => ({
          event_id: `i-${channel}-${org}-${n}`,
          ...told(1),
          ...host,
          update_channel: channel,
          update_version: version,
          outcome: 'applied',
        })),
      ),
    );
    await insert(
      db,
      'heartbeats',
      all.map(({ host }) => ({ ...told(2), ...host, booted_at: at(-60), updates: [] })),
    );
    await insert(
      db,
      'bugchecks',
      all.flatMap(({ org, n, host }) =>
        (org === 'alpha' ? ['a'] : ['a', 'b', 'c']).map((turn) => ({
          event_id: `c-${org}-${n}-${turn}`,
          ...told(10 + n),
          ...host,
          bugcheck_code: org === 'alpha' ? 0x50 : 0xd1,
          bugcheck_parameters: [0, 0, 0, 0],
          driver: n === 0 ? `${org}.sys` : 'common.sys',
          driver_version: `${org}-driver-version`,
          update_channel: 'shared',
          update_version: '1',
        })),
      ),
    );
    await insertIncidents(db, [
      incidentOn('shared', '1', {
        incident_id: 'inc-shared',
        reason: 'beta-host-1 and others',
        assignee: 'beta-person',
        evidence: {
          ...incidentOn('shared', '1').evidence,
          orgs: [
            { value: 'beta', hosts: 5 },
            { value: 'alpha', hosts: 5 },
          ],
        },
      }),
      incidentOn('shared', '1', {
        incident_id: 'inc-own',
        scope: 'single_org',
        detected_at: at(20),
        evidence: { ...incidentOn('shared', '1').evidence, orgs: [{ value: 'alpha', hosts: 5 }] },
      }),
      incidentOn('shared', '1', {
        incident_id: 'inc-beta',
        scope: 'single_org',
        evidence: { ...incidentOn('shared', '1').evidence, orgs: [{ value: 'beta', hosts: 5 }] },
      }),
      incidentOn('beta-channel', 'beta-version', { incident_id: 'inc-beta-channel' }),
    ]);
    await insert(db, 'deliveries', [
      {
        receiver: 'beta-chat',
        incident_id: 'inc-beta',
        sequence: 1,
        attempt: 1,
        outcome: 'delivered',
        started_at: new Date().toISOString(),
      },
    ]);
  }

  /** Opens a connection, sends this, and says after how long the server closed it. */
  const closedAfter = (text: string) =>
    new Promise<number>((resolve, reject) => {
      const startedAt = Date.now();
      const { port, hostname } = new URL(api.url);
      const socket = connect(Number(port), hostname, () => socket.write(text));
      socket.setTimeout(20_000, () => reject(new Error('still open')));
      socket.resume().on('close', () => resolve(Date.now() - startedAt));
      socket.on('error', () => undefined);
    });

  /** Every address with GET of the description, with values that lead somewhere. */
  const addresses = async (values: Record<string, string>) => {
    const { paths } = (await (await ask('/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, object>>;
    };
    const fillIn = (path: string) =>
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]!));
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ path, method, url: fillIn(path) })),
    );
  };
  const shared = {
    id: 'inc-shared',
    channel: 'shared',
    version: '1',
    driver: 'common.sys',
    signature: '0x50 PAGE_FAULT_IN_NONPAGED_AREA | common.sys | read',
  };

  describe('a key', () => {
    it('is wanted at every address, and one of a smaller scope is not enough', async () => {
      for (const { path, method, url } of await addresses(shared)) {
        if (path.startsWith('/api/v1/session') && method === 'post') continue;
        const init = method === 'post' ? { method: 'POST' } : {};
        const without = await ask(url, undefined, init);
        expect([path, without.status, without.headers.get('www-authenticate')]).toEqual([
          path,
          401,
          expect.stringMatching(/^Bearer/),
        ]);
        const wrong =
          method === 'post' && !path.endsWith('/gate')
            ? ['read', 'ingest']
            : path.endsWith('/audit')
              ? ['read', 'triage', 'ingest']
              : ['ingest'];
        for (const name of wrong)
          expect([path, name, (await ask(url, keys[name], init)).status]).toEqual([path, name, 403]);
      }
    });

    it('of a larger scope opens what a smaller one does', async () => {
      for (const name of ['read', 'triage', 'admin'])
        expect((await ask('/api/v1/status', keys[name])).status).toBe(200);
      expect((await ask('/api/v1/audit', keys['admin'])).status).toBe(200);
    });

    it('comes as bearer or as the password of anybody', async () => {
      const basic = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } });
      expect((await ask('/api/v1/status', undefined, basic(`key:${keys['read']}`))).status).toBe(200);
      expect((await ask('/api/v1/status', undefined, basic(`key:${keys['read']}x`))).status).toBe(401);
      expect(
        (await ask('/api/v1/status', undefined, { headers: { authorization: `Digest ${keys['read']}` } })).status,
      ).toBe(401);
    });

    it('opens nothing once it is revoked, and a new one opens at once', async () => {
      const stored = await addKey('short', ['read']);
      expect((await ask('/api/v1/status', keys['short'])).status).toBe(200);
      await storeApiKey(api.db, { ...stored, revokedAt: new Date() });
      const until = Date.now() + 8_000;
      let status = 200;
      while (status === 200 && Date.now() < until) {
        status = (await ask('/api/v1/status', keys['short'])).status;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      expect(status).toBe(401);
    });

    it('is not wanted where health and metrics are asked for, nor for the page itself', async () => {
      for (const path of ['/healthz', '/readyz', '/metrics', '/api/openapi.json'])
        expect((await ask(path)).status).toBe(200);
      expect([200, 503]).toContain((await ask('/')).status);
    });
  });

  describe('a session', () => {
    const signIn = (key: string, headers: Record<string, string> = {}) =>
      post('/api/v1/session', undefined, { key }, headers);

    it('opens with a key and lets in as that key does', async () => {
      const answer = await signIn(keys['triage']!);
      const set = answer.headers.get('set-cookie')!;
      expect(set).toMatch(/^ringwatch_session=[^;]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
      expect(await answer.json()).toMatchObject({ access: 'keys', name: 'triage', scopes: ['triage'] });
      const cookie = set.split(';')[0]!;
      const who = await ask('/api/v1/session', undefined, { headers: { cookie } });
      expect(await who.json()).toMatchObject({ name: 'triage', expires_at: null });
      expect((await ask('/api/v1/audit', undefined, { headers: { cookie } })).status).toBe(403);
      for (const broken of [`${cookie}x`, cookie.replace(/\.\d/, '.9'), 'ringwatch_session=a.b.c'])
        expect((await ask('/api/v1/status', undefined, { headers: { cookie: broken } })).status).toBe(401);
      const ended = await post('/api/v1/session/end', undefined, {}, { cookie });
      expect([ended.status, ended.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    });

    it('is marked secure behind TLS', async () => {
      const answer = await signIn(keys['read']!, { 'x-forwarded-proto': 'https' });
      expect(answer.headers.get('set-cookie')).toContain('; Secure');
    });

    it('cannot be used by a page of another site', async () => {
      const cookie = (await signIn(keys['triage']!)).headers.get('set-cookie')!.split(';')[0]!;
      const send = (headers: Record<string, string>) =>
        post('/api/v1/incidents/inc-none/resolve', undefined, {}, { cookie, ...headers }).then(({ status }) => status);
      expect(await send({ origin: 'https://elsewhere.example' })).toBe(403);
      expect(await send({ 'sec-fetch-site': 'cross-site' })).toBe(403);
      expect(await send({ origin: 'null' })).toBe(403);
      expect(await send({ origin: api.url, 'sec-fetch-site': 'same-origin' })).toBe(404);
    });

    it('cannot be guessed: an address that tries many keys has to wait', async () => {
      const statuses: number[] = [];
      for (let n = 0; n < 25; n += 1) statuses.push((await signIn(`rw_AAAAAAAA_${'A'.repeat(31)}${n % 10}`)).status);
      expect(statuses.slice(0, 5)).toEqual(Array(5).fill(401));
      expect(statuses.at(-1)).toBe(429);
    });
  });

  describe('a key for one organisation', () => {
    it('shows nothing of another one, at no address', async () => {
      const seen: Array<[string, number]> = [];
      for (const { path, method, url } of await addresses(shared)) {
        if (method !== 'get' || path === '/api/v1/stream') continue;
        const query =
          path === '/api/v1/aggregates'
            ? '?group_by=driver,driver_version,bugcheck_code,country,org_id,os_build,update_channel,update_version&rates=true'
            : '';
        const answer = await ask(`${url}${query}`, keys['of alpha']);
        const text = await answer.text();
        seen.push([path, answer.status]);
        expect([path, text]).toEqual([path, expect.not.stringMatching(/beta|JP|000000D1/)]);
        if (answer.status === 200 && /incidents|updates|drivers|signatures/.test(path))
          expect([path, text]).toEqual([path, expect.stringMatching(/alpha|shared|common/)]);
      }
      const refused = seen.filter(([, status]) => status !== 200).map(([path, status]) => `${path} ${status}`);
      expect(refused.sort()).toEqual([
        '/api/v1/audit 403',
        '/api/v1/dead-letters 403',
        '/api/v1/deliveries 403',
        '/api/v1/updates/{channel}/{version}/gate 409',
      ]);
    });

    it('shows its own figures', async () => {
      const json = async (path: string) => (await ask(path, keys['of alpha'])).json();
      expect(await json('/api/v1/status')).toMatchObject({ hosts: 5, crashes: 5, updates: 2 });
      expect(await json('/api/v1/aggregates')).toMatchObject({ rows: [{ crashes: 5, hosts: 5 }] });
      expect(await json('/api/v1/updates/shared/1')).toMatchObject({
        applied_hosts: 5,
        crashed_hosts: 5,
        judgement: null,
      });
      expect(await json('/api/v1/updates/shared/1/verdict')).toMatchObject({
        verdict: 'halt',
        explanation: 'an incident on it is under way',
      });
      expect(await json('/api/v1/incidents/inc-shared')).toMatchObject({
        incident: { evidence: null, own: { exposed_hosts: 5, crashed_hosts: 5 } },
      });
      const { incidents } = (await json('/api/v1/incidents')) as { incidents: Array<{ incident_id: string }> };
      expect(incidents.map(({ incident_id: id }) => id).sort()).toEqual(['inc-own', 'inc-shared']);
      expect(await json('/api/v1/incidents/inc-shared/hosts')).toMatchObject({ counts: { crashing: 5 } });
    });

    it.each([
      '/api/v1/incidents/inc-beta',
      '/api/v1/incidents/inc-beta/hosts',
      '/api/v1/updates/beta-channel/beta-version',
      '/api/v1/drivers/beta.sys',
      `/api/v1/signatures/${encodeURIComponent('0xD1 DRIVER_IRQL_NOT_LESS_OR_EQUAL | common.sys | read')}`,
    ])('finds no %s', async (path) => expect((await ask(path, keys['of alpha'])).status).toBe(404));

    it('cannot ask for another one', async () => {
      for (const path of ['aggregates', 'signatures', 'drivers', 'incidents/inc-shared/hosts'])
        expect((await ask(`/api/v1/${path}?org_id=beta`, keys['of alpha'])).status).toBe(403);
    });

    it('may end what concerns it alone', async () => {
      const act = (id: string) =>
        post(`/api/v1/incidents/${id}/comment`, keys['of alpha'], { text: '' }).then(({ status }) => status);
      expect([await act('inc-shared'), await act('inc-beta'), await act('inc-own')]).toEqual([403, 404, 400]);
    });

    it('hears in the stream of what concerns it', async () => {
      const read = async (key: string) => {
        const answer = await ask(`/api/v1/stream?last_event_id=${Buffer.from('[0,"",0]').toString('base64url')}`, key);
        const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        while (!text.includes('event: status')) text += (await reader.read()).value ?? '';
        await reader.cancel();
        return text;
      };
      const own = await read(keys['of alpha']!);
      expect(own.match(/"incident_id":"[^"]+"/g)?.sort()).toEqual([
        '"incident_id":"inc-own"',
        '"incident_id":"inc-shared"',
      ]);
      expect(own).not.toMatch(/beta/);
      expect((await read(keys['read']!)).match(/event: incident/g)).toHaveLength(4);
    });

    it('finds updates by the verdict that rests on all hosts', async () => {
      const hosts = [hostOf('alpha', 0), ...[0, 1, 2, 3, 4].map((n) => hostOf('beta', n))];
      const wide = { ...told(3), update_channel: 'wide', update_version: '1', outcome: 'applied' };
      await insert(
        api.db,
        'installs',
        hosts.map((host) => ({ ...wide, ...host, event_id: `wide-${host.host_id}` })),
      );
      const found = async (verdict: string) => {
        const answer = await ask(`/api/v1/updates?verdict=${verdict}`, keys['of alpha']);
        const { updates } = (await answer.json()) as { updates: Array<Record<string, unknown>> };
        return updates.map((update) => [update['update_channel'], update['applied_hosts'], update['verdict']]);
      };
      expect(await Promise.all(['go', 'hold', 'halt'].map(found))).toEqual([
        [['wide', 1, 'go']],
        [['alpha-channel', 5, 'hold']],
        [['shared', 5, 'halt']],
      ]);
    });
  });

  describe('the audit', () => {
    it('refuses to name somebody beside the key', async () => {
      const answer = await post('/api/v1/incidents/inc-shared/comment', keys['triage'], { text: 'x', actor: 'ann' });
      expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path: 'actor' }] }]);
    });

    it('is noted before a thing is done: who, what, and how it stood', async () => {
      // There is no Kafka here, so that nothing can be done: it is noted all the same.
      expect((await assigned).status).toBe(503);
      const audit = (await (await ask('/api/v1/audit?actor=triage', keys['admin'])).json()) as { entries: object[] };
      expect(audit.entries).toMatchObject([
        {
          actor: 'triage',
          action: 'assign',
          target: 'inc-shared',
          before: { state: 'open', assignee: 'beta-person' },
          after: { assignee: 'ben' },
        },
      ]);
    });
  });

  describe('a client that dawdles', () => {
    it('is cut off, with its headers or its body half sent, while others are answered', async () => {
      expect((await ask('/healthz')).status).toBe(200);
      const [headers, body] = await dawdled;
      expect(headers).toBeLessThan(8_000);
      expect(body).toBeLessThan(13_000);
    });
  });
});

describe('an api that asks nobody for a key', () => {
  const entry = join(__dirname, '..', '..', 'services', 'api', 'dist', 'main.js');

  it('does not start where it could be reached from elsewhere, and says what to do', () => {
    const env = { PATH: process.env['PATH'], HTTP_HOST: '0.0.0.0', HTTP_PORT: '0' };
    const run = spawnSync(process.execPath, [entry], { env, encoding: 'utf8', timeout: 20_000 });
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('API_ACCESS=keys')]);
    expect(run.stderr).toContain('ringwatch keys create');
  });

  it('answers only to names of this machine, and does not let one client ask for ever', async () => {
    const api = await startApiUnderTest({ API_REQUESTS_PER_MINUTE: '5' });
    try {
      const { port } = new URL(api.url);
      const askAs = (host: string) =>
        new Promise<string>((resolve) => {
          const socket = connect(Number(port), '127.0.0.1', () =>
            socket.write(`GET /api/v1/session HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
          );
          let text = '';
          socket.on('data', (data) => (text += data)).on('close', () => resolve(text));
        });
      expect(await askAs('rebound.example')).toMatch(/^HTTP\/1.1 421/);
      expect(await askAs(`localhost:${port}`)).toMatch(/^HTTP\/1.1 200/);
      expect(await (await fetch(`${api.url}/api/v1/session`)).json()).toEqual({
        access: 'open',
        name: null,
        scopes: ['admin'],
        orgs: [],
        expires_at: null,
      });
      const answers = await Promise.all(Array.from({ length: 6 }, () => fetch(`${api.url}/api/v1/session`)));
      const refused = answers.find(({ status }) => status === 429)!;
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ type: 'urn:ringwatch:problem:too_many_requests' });
      expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    } finally {
      await api.stop();
    }
  });
});
