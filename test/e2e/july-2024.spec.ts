import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Notebook, decideStored } from '@ringwatch/backtest';
import { arrivalUntil, decidedUntil } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { runAlone } from '../support/command';
import { recordTopics, valuesOf } from '../support/recorded-topics';
import { playScenario } from '../support/replay';
import { Stack, eventually } from '../support/stack';
import { WebhookReceiver } from '../support/webhook-receiver';

const HOSTS = 2_000;
const guilty = { update_channel: 'channel-file-291', update_version: 'C-00000291-00000000-00000032' };

/** 19 July 2024 through all services, while ingest, the detector and ClickHouse are killed in the middle of it. */
describe('July 2024, with kill -9 of ingest, detector and ClickHouse', () => {
  const stack = new Stack();
  const receiver = new WebhookReceiver();
  let exitCode: number | null;
  let told: Record<string, number>;

  beforeAll(async () => {
    const [address] = await Promise.all([receiver.listen(), stack.start()]);
    await stack.run('ingest');
    await stack.run('detector');
    await stack.run('api');
    await stack.run('notifier', {
      NOTIFIER_WEBHOOK_URL: address,
      NOTIFIER_WEBHOOK_SECRET: receiver.secret,
      NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1',
    });
    const played = stack.finish('simulator', {
      SIMULATOR_SCENARIO: 'july-2024',
      SIMULATOR_SPEED: '200',
      SIMULATOR_FLEET_HOSTS: String(HOSTS),
      SIMULATOR_RUN: 'e2e',
    });
    await sleep(9_000);
    await stack.kill('ingest');
    await sleep(5_000);
    await stack.kill('detector');
    await sleep(5_000);
    await stack.platform.clickhouse.kill();
    await sleep(1_000);
    await stack.platform.clickhouse.start();
    await sleep(4_000);
    await Promise.all([stack.kill('ingest'), stack.kill('detector')]);
    exitCode = await played;
    told = countTold();
    await eventually(countStored, (stored) => isDeepStrictEqual(stored, told), 60_000);
    await eventually(undecidedMs, (ms) => ms < 1_000, 60_000);
  });
  afterAll(async () => {
    await stack.stop();
    await receiver.close();
  });

  async function undecidedMs(): Promise<number> {
    const closed = await arrivalUntil(stack.db);
    return closed.closedUntil - ((await decidedUntil(stack.db, 'live')) ?? 0);
  }

  async function rows<T>(query: string): Promise<T[]> {
    return (await stack.db.query({ query, format: 'JSONEachRow' })).json<T>();
  }

  /** How many different events the scenario has, by topic; 0.2 % of its messages are sent twice. */
  function countTold(): Record<string, number> {
    const ids = { bugchecks: new Set(), updates: new Set(), installs: new Set(), heartbeats: new Set() };
    for (const { topic, key, value } of playScenario('july-2024', { seed: '1', fleetSize: HOSTS, run: 'e2e' })) {
      ids[topic].add('event_id' in value ? value.event_id : `${key} ${value.occurred_at}`);
    }
    return Object.fromEntries(Object.entries(ids).map(([topic, each]) => [topic, each.size]));
  }

  async function countStored(): Promise<Record<string, number>> {
    const [counts] = await rows<Record<string, number>>(
      `SELECT (SELECT toUInt32(count()) FROM bugchecks FINAL) AS bugchecks, (SELECT toUInt32(count()) FROM updates FINAL) AS updates,
        (SELECT toUInt32(count()) FROM installs FINAL) AS installs, (SELECT toUInt32(count()) FROM heartbeats FINAL) AS heartbeats`,
    );
    return counts!;
  }

  const stored = async () => {
    const records = await rows<{ record: string }>(
      'SELECT record FROM incidents FINAL ORDER BY detected_at, incident_id, sequence',
    );
    return records.map(({ record }) => JSON.parse(record) as IncidentChange);
  };

  it('plays to its end', () => expect(exitCode).toBe(0));

  it('stores every event once', async () => {
    expect(await countStored()).toEqual(told);
    expect(await rows('SELECT * FROM dead_letters')).toEqual([]);
  });

  it('opens one incident, which names the content update and not the driver', async () => {
    const changes = await stored();
    expect(new Set(changes.map(({ incident_id }) => incident_id)).size).toBe(1);
    expect(changes[0]).toMatchObject({
      sequence: 1,
      change: 'opened',
      state: 'open',
      severity: 'sev1',
      suspect: { ...guilty, driver: 'csagent.sys', driver_version: '7.11.18110.0' },
      scope: 'global',
      recommendation: 'halt',
    });
    expect(changes[0]!.suspect.confidence).toBeGreaterThan(0.99);
    expect(changes.map(({ sequence }) => sequence)).toEqual(changes.map((_, index) => index + 1));
    expect(changes.find(({ change }) => change === 'mitigated')).toMatchObject({
      state: 'mitigating',
      recommendation: 'roll_back',
      mitigation: { cause: 'withdrawn' },
    });
    expect(changes.at(-1)).toMatchObject({ change: 'resolved', state: 'resolved', recommendation: 'none' });
  });

  it('decides the same, byte for byte, when the stored input is replayed without any fault', async () => {
    const notebook = new Notebook();
    await decideStored(stack.db, notebook, { name: 'replay' });
    expect(notebook.changes).toEqual(await stored());
    expect(JSON.stringify(notebook.changes)).toBe(JSON.stringify(await stored()));
  });

  it('says the same, byte for byte, in a backtest of what the topics hold', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ringwatch-july-'));
    const { kafkaBrokers } = stack.platform;
    await recordTopics(kafkaBrokers, stack.db, folder);
    const { code, out } = await runAlone(['backtest', folder]);
    rmSync(folder, { recursive: true, force: true });
    expect(code).toBe(0);
    const onTopic = new Set(await valuesOf(kafkaBrokers, 'incidents')); // a kill may have sent a change twice
    expect(onTopic.size).toBeGreaterThan(1);
    expect(out).toBe([...onTopic].map((line) => `${line}\n`).join(''));
  });

  it('tells the receiver of every change, signed and in order', async () => {
    const changes = await stored();
    await eventually(
      async () => receiver.changes.length,
      (received) => received >= changes.length,
    );
    expect(receiver.changes).toEqual(changes);
    expect(receiver.refused).toEqual([]);
  });

  it('answers what happened: aggregates, the verdict, the incident', async () => {
    const get = async (path: string) => (await fetch(`${stack.url('api')}/api/v1${path}`)).json();
    const [expected] = await rows<{ crashes: number; hosts: number }>(
      "SELECT toUInt32(uniqExact(event_id)) AS crashes, toUInt32(uniqExact(host_id)) AS hosts FROM bugchecks WHERE driver = 'csagent.sys' HAVING crashes > 0",
    );
    expect(await get('/aggregates?driver=csagent.sys&group_by=driver')).toMatchObject({
      rows: [{ driver: 'csagent.sys', ...expected }],
    });
    const update = `/updates/${guilty.update_channel}/${guilty.update_version}`;
    // The incident is over and its vendor has taken the update back: it must not go on all the same.
    expect(await get(`${update}/verdict`)).toMatchObject({ verdict: 'hold', reason: 'withdrawn' });
    expect(await get('/incidents')).toMatchObject({
      incidents: [{ suspect: guilty, state: 'resolved' }],
    });
  });
});
