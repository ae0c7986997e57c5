import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawKey, storeApiKey } from '@ringwatch/clickhouse';
import { parse } from 'yaml';
import { type ApiUnderTest, incidentOn, insert, insertIncidents, startApiUnderTest } from '../support/api';

const examples = join(__dirname, '..', '..', 'deploy', 'examples');
const read = (...path: string[]) => readFileSync(join(examples, ...path), 'utf8');
const start = Date.parse('2024-07-19T04:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
const exampleUpdate = 'channel-file-291/C-00000291-00000000-00000032';

interface Hook {
  name: string;
  type: string;
  url: string;
}

describe('rollout tools that ask the api', () => {
  let api: ApiUnderTest;
  let key: string;
  /** One update of each verdict. */
  const updates = { go: 'content/good', hold: 'content/few', halt: 'content/bad' } as const;

  beforeAll(async () => {
    api = await startApiUnderTest({ API_ACCESS: 'keys', API_VERDICT_MIN_HOSTS: '20' });
    const drawn = drawKey();
    key = drawn.key;
    await storeApiKey(api.db, {
      ...drawn,
      name: 'tool',
      scopes: ['read'],
      orgs: [],
      createdAt: new Date(start),
      revokedAt: null,
    });
    const installs = Object.entries({ good: 30, few: 5, bad: 30 }).flatMap(([version, hosts]) =>
      Array.from({ length: hosts }, (_, n) => ({
        event_id: `${version}-${n}`,
        occurred_at: at(n),
        received_at: at(n),
        host_id: `h-${n}`,
        org_id: `org-${n % 5}`,
        country: 'DE',
        os_build: '10.0',
        update_channel: 'content',
        update_version: version,
        outcome: 'applied',
      })),
    );
    await insert(api.db, 'installs', installs);
    await insertIncidents(api.db, [incidentOn('content', 'bad')]);
  });
  afterAll(() => api.stop());

  describe('Flagger', () => {
    const canary = parse(read('flagger', 'canary.yaml')) as { spec: { analysis: { webhooks: Hook[] } } };
    const hooks = canary.spec.analysis.webhooks;
    /** As Flagger does: it posts who it is, and 2xx goes on. Go sends what stands before the @ as basic authorization. */
    const goesOn = async (hook: Hook, update: string) => {
      const url = new URL(hook.url.replace('rw_KEY', key).replace(exampleUpdate, update));
      const authorization = `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`;
      const answer = await fetch(`${api.url}${url.pathname}${url.search}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({
          name: 'sensor-content',
          namespace: 'default',
          phase: 'Progressing',
          checksum: '85d557f47b',
        }),
      });
      await answer.text();
      return answer.status >= 200 && answer.status <= 202;
    };

    it.each([
      ['confirm-traffic-increase', { go: true, hold: false, halt: false }],
      ['confirm-promotion', { go: true, hold: false, halt: false }],
      ['rollback', { go: false, hold: false, halt: true }],
    ])('is let through by its hook %s as %j', async (type, wanted) => {
      const hook = hooks.find((each) => each.type === type)!;
      for (const [verdict, update] of Object.entries(updates))
        expect([verdict, await goesOn(hook, update)]).toEqual([verdict, wanted[verdict as keyof typeof wanted]]);
    });
  });

  it('Argo Rollouts takes go for success, halt for failure, and hold for neither', async () => {
    const template = parse(read('argo-rollouts', 'analysis-template.yaml')) as {
      spec: {
        metrics: [
          {
            successCondition: string;
            failureCondition: string;
            provider: { web: { url: string; jsonPath: string; headers: Array<{ key: string; value: string }> } };
          },
        ];
      };
    };
    const [{ successCondition, failureCondition, provider }] = template.spec.metrics;
    /** Of Argo's expressions ours are `result == "word"`, and of its paths ours is `{$.name}`. */
    const holds = (condition: string, result: unknown) => /^result == "(\w+)"$/.exec(condition)![1] === result;
    const field = /^\{\$\.(\w+)\}$/.exec(provider.web.jsonPath)![1]!;
    const phases: Record<string, string> = {};
    for (const [verdict, update] of Object.entries(updates)) {
      const [channel, version] = update.split('/') as [string, string];
      const fill = (text: string) =>
        text.replace('{{args.channel}}', channel).replace('{{args.version}}', version).replace('{{args.key}}', key);
      const headers = Object.fromEntries(provider.web.headers.map((header) => [header.key, fill(header.value)]));
      const answer = await fetch(`${api.url}${new URL(fill(provider.web.url)).pathname}`, { headers });
      expect(answer.status).toBe(200);
      const result = ((await answer.json()) as Record<string, unknown>)[field];
      phases[verdict] = holds(failureCondition, result)
        ? 'Failed'
        : holds(successCondition, result)
          ? 'Successful'
          : 'Inconclusive';
    }
    expect(phases).toEqual({ go: 'Successful', hold: 'Inconclusive', halt: 'Failed' });
  });

  it.each(Object.entries(updates))('CI ends well on go alone: %s', async (verdict, update) => {
    const [channel, version] = update.split('/') as [string, string];
    const env = { PATH: process.env['PATH'], RINGWATCH_URL: api.url, RINGWATCH_KEY: key };
    const run = spawn('sh', [join(examples, 'ci', 'gate.sh'), channel, version], { env });
    let output = '';
    run.stdout.on('data', (data) => (output += data));
    const code = await new Promise((resolve) => run.on('close', resolve));
    expect([code, (JSON.parse(output) as { verdict: string }).verdict]).toEqual([verdict === 'go' ? 0 : 1, verdict]);
  });

  it('the workflow runs that script', () => {
    const workflow = parse(read('ci', 'github-actions.yaml')) as {
      jobs: { widen: { steps: Array<{ run?: string }> } };
    };
    expect(workflow.jobs.widen.steps[1]!.run).toMatch(/^sh deploy\/examples\/ci\/gate\.sh \S+ \S+$/);
  });

  it('a gate says why it is closed', async () => {
    const answer = await fetch(`${api.url}/api/v1/updates/content/few/gate`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      409,
      {
        type: 'urn:ringwatch:problem:gate_closed',
        verdict: 'hold',
        reason: 'insufficient_data',
        detail: 'hold: 5 hosts have applied it: wanted at least 20',
      },
    ]);
  });
});
