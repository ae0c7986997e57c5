import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { connectClickHouse } from '@ringwatch/clickhouse';
import { KafkaWorld } from '../support/producer';
import { IngestProcess, until } from '../support/ingest-process';
import { type Platform, startPlatform } from '../support/platform';

const cli = join(__dirname, '..', '..', 'services', 'cli', 'dist', 'main.js');
const GROUP = 'ringwatch-ingest';

const bugcheck = (number: number) => ({
  key: `host-${number}`,
  value: JSON.stringify({
    event_id: `crash-${number}`,
    occurred_at: new Date().toISOString(),
    host_id: `host-${number}`,
    org_id: 'org',
    country: 'DE',
    os_build: '10.0.22631.3880',
    bugcheck_code: '0x50',
    bugcheck_parameters: [1, 2, 3, 4],
    driver: 'gpu.sys',
    driver_version: '1.0',
    update_channel: '',
    update_version: '',
  }),
});

describe('backup and restore', () => {
  let platform: Platform;
  let world: KafkaWorld;
  let ingest: IngestProcess;

  beforeAll(async () => {
    platform = await startPlatform();
    ingest = new IngestProcess(platform, 'ringwatch');
    await ingest.start(GROUP);
    world = await new KafkaWorld(platform.kafkaBrokers).connect();
  });
  afterAll(async () => {
    await world?.disconnect();
    await ingest?.stop();
    await platform?.stop();
  });

  /** The command as a person gives it. */
  function ringwatch(...args: string[]): Promise<{ code: number | null; said: string }> {
    const env = { ...process.env, KAFKA_BROKERS: platform.kafkaBrokers.join(), CLICKHOUSE_URL: platform.clickhouseUrl };
    const child = spawn(process.execPath, [cli, ...args], { env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    return new Promise((done) => child.once('close', (code) => done({ code, said })));
  }

  async function asked<Row>(database: string, query: string): Promise<Row[]> {
    const db = connectClickHouse({ url: platform.clickhouseUrl, database, username: 'default', password: '' });
    try {
      return await (await db.query({ query, format: 'JSONEachRow' })).json<Row>();
    } finally {
      await db.close();
    }
  }
  const stored = async () =>
    Number((await asked<{ n: number }>('ringwatch', 'SELECT count() AS n FROM bugchecks FINAL'))[0]!.n);

  async function send(from: number, to: number): Promise<void> {
    await world.send(
      'bugchecks',
      Array.from({ length: to - from }, (_, index) => bugcheck(from + index)),
    );
    await until(`${to} events are stored`, async () => (await stored()) === to);
  }

  it('bring back the store as it was, and ingest what came after it from Kafka', async () => {
    await send(0, 300);
    // Arrival time is closed once nothing waits: from there on ingest has to read again.
    await until('arrival time is closed', async () =>
      /arrived before/.test((await ringwatch('backup', `try-${Date.now()}`)).said),
    );
    const made = await ringwatch('backup', 'nightly');
    expect(made).toMatchObject({ code: 0, said: expect.stringMatching(/everything that arrived before \S+ UTC/) });
    await send(300, 500);
    await ingest.stop();

    expect(await ringwatch('restore', 'nightly')).toMatchObject({
      code: 2,
      said: expect.stringContaining('empty database'),
    });
    await asked('system', 'DROP DATABASE ringwatch SYNC').catch(() => undefined);
    const restored = await ringwatch('restore', 'nightly');
    expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('set ingest back') });
    expect(await stored()).toBe(300);

    const since = Date.parse(`${/before (\S+) UTC/.exec(restored.said)![1]}Z`);
    await world.setBack(GROUP, 'bugchecks', since);
    await ingest.start(GROUP);
    await until('all events are there again', async () => (await stored()) === 500);
    expect(await ringwatch('audit')).toMatchObject({ code: 0 });
  });

  it('refuse a name that is none, and say so', async () => {
    expect(await ringwatch('backup', "x') --")).toMatchObject({
      code: 2,
      said: expect.stringContaining('wanted a name'),
    });
  });
});
