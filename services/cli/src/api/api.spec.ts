import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { runCli } from '../cli';

/** Answers like the api, and keeps what it was asked. */
class MadeUpApi {
  readonly asked: string[] = [];
  readonly answers = new Map<string, { status?: number; body: unknown }>();
  private readonly server = http.createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      this.asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'} ${body}`.trim());
      const path = request.url!.split('?')[0]!.replace('/api/v1/', '');
      const answer = this.answers.get(path) ?? {
        status: 404,
        body: { title: 'There is no such thing', detail: `no ${path}` },
      };
      reply.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((closed) => {
      this.server.close(() => closed());
      this.server.closeAllConnections();
    });
  }
}

describe('the commands that ask the api', () => {
  const api = new MadeUpApi();
  let url: string;
  beforeAll(async () => (url = await api.start()));
  afterAll(() => api.stop());

  async function run(line: string, env: Record<string, string> = {}) {
    let [out, err] = ['', ''];
    const output = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
    api.asked.length = 0;
    const code = await runCli(line.split(' '), { RINGWATCH_URL: url, ...env }, output);
    return { code, out, err, asked: [...api.asked] };
  }

  it.each([
    ['go', 0],
    ['hold', 3],
    ['halt', 4],
  ])('verdict %s ends with %i', async (verdict, code) => {
    api.answers.set('updates/channel%2Fa/1', { status: 500, body: {} });
    api.answers.set('updates/channel%2Fa/1/verdict', { body: { verdict, reason: 'because', explanation: 'so it is' } });
    expect(await run('updates verdict channel/a 1')).toMatchObject({ code, out: `${verdict}: so it is (because)\n` });
  });

  it('shows what the api said when it refuses, and where the key belongs, but never the key', async () => {
    api.answers.set('updates', {
      status: 403,
      body: { detail: 'this key may not read', errors: [{ path: 'limit', message: 'wanted at most 200' }] },
    });
    const { code, err, asked } = await run('updates list --limit 900', { RINGWATCH_KEY: 'rw_secret' });
    expect(code).toBe(2);
    expect(err).toMatch(
      /^ringwatch: the api answered 403: this key may not read\.\n {2}limit: wanted at most 200 RINGWATCH_KEY/,
    );
    expect(err).not.toContain('rw_secret');
    expect(asked).toEqual(['GET /api/v1/updates?limit=900 Bearer rw_secret']);
  });

  it('narrows the list of updates by the filters of the api', async () => {
    api.answers.set('updates', { body: { updates: [] } });
    const { code, out, asked } = await run(
      'updates --channel a --channel b --driver csagent.sys --vendor V --verdict hold --verdict halt --under-way --search 32',
    );
    expect({ code, out }).toEqual({ code: 0, out: 'no updates\n' });
    expect(asked).toEqual([
      'GET /api/v1/updates?channel=a&channel=b&driver=csagent.sys&vendor=V&verdict=hold&verdict=halt&under_way=true&q=32 -',
    ]);
  });

  it('says that nobody answers, and what to set', async () => {
    const { code, err } = await run('status', { RINGWATCH_URL: 'http://127.0.0.1:9' });
    expect(code).toBe(2);
    expect(err).toMatch(/^ringwatch: the api at http:\/\/127\.0\.0\.1:9 does not answer: .*RINGWATCH_URL/);
  });

  it('asks for the groups, filters and times of a query', async () => {
    api.answers.set('aggregates', { body: { rows: [{ driver: 'a.sys', crashes: 3, hosts: 2 }], truncated: true } });
    const { code, out, err, asked } = await run(
      'query --by driver --bucket 5m --since 2024-07-19T04:00:00Z --org acme --org other --code 0x50',
    );
    expect({ code, out }).toEqual({ code: 0, out: 'driver  crashes  hosts\na.sys         3      2\n' });
    expect(err).toMatch(/more rows/);
    expect(asked[0]).toBe(
      'GET /api/v1/aggregates?bugcheck_code=0x50&org_id=acme&org_id=other&since=2024-07-19T04%3A00%3A00.000Z&group_by=driver&bucket=5m -',
    );
  });

  it('reads all pages of hosts', async () => {
    api.answers.set('incidents/i-1/hosts', {
      body: { hosts: [{ host_id: 'h1', state: 'silent' }], next_cursor: null },
    });
    expect(await run('incidents hosts i-1')).toMatchObject({ code: 0, out: 'host_id  state\nh1       silent\n' });
  });

  it('sends what a person does to an incident', async () => {
    api.answers.set('incidents/i-1/comment', { status: 202, body: {} });
    api.answers.set('incidents/i-1/mute', { status: 202, body: {} });
    expect((await run('incidents comment i-1 --text seen')).asked).toEqual([
      'POST /api/v1/incidents/i-1/comment - {"text":"seen"}',
    ]);
    expect((await run('incidents mute i-1 --until 2030-01-01T00:00:00Z')).asked).toEqual([
      'POST /api/v1/incidents/i-1/mute - {"muted_until":"2030-01-01T00:00:00.000Z"}',
    ]);
  });

  it.each([
    ['incidents mute i-1', /--until TIME or --factor N/],
    ['incidents mute i-1 --factor 1', /--factor: wanted a number above 1, got "1"/],
    ['incidents comment i-1', /wanted --text/],
    ['incidents frobnicate i-1', /wanted list, show, hosts/],
    ['updates show a 1 --vendor V', /show: wanted no --vendor, which narrows the list/],
    ['updates verdict only-a-channel', /wanted a channel and a version/],
    ['completion tcsh', /wanted one of bash, zsh, fish/],
  ])('%s is refused before anything is asked', async (line, why) => {
    const { code, err, asked } = await run(line);
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    expect(err).toMatch(why);
  });

  it('completes verbs and options of every command', async () => {
    const { out } = await run('completion bash');
    expect(out).toMatch(/ {4}updates\) words="list show verdict .*--help" ;;/);
    for (const option of ['channel', 'driver', 'vendor', 'verdict', 'under-way', 'search'])
      expect(out).toMatch(new RegExp(` {4}updates\\) words="[^"]*--${option} `));
    expect(out).toMatch(/ {4}incidents\) words=".*acknowledge unmute resolve comment assign mute/);
  });
});
