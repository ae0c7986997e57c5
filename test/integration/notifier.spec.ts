import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClickHouseClient, pastDeliveries } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { connectKafka, createTopics, TopicWriter } from '@ringwatch/kafka';
import { freePort, type Platform, type Service, startPlatform, startService } from '@ringwatch/platform';
import { Webhook } from 'standardwebhooks';
import { freshDatabase } from '../support/tables';

const root = join(__dirname, '..', '..');
const { given } = JSON.parse(readFileSync(join(root, 'libs', 'webhook', 'cases', 'opened.json'), 'utf8')) as {
  given: IncidentChange;
};
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

interface Request {
  headers: IncomingHttpHeaders;
  body: string;
  /** `<incident_id> <sequence>` of a generic webhook. */
  change: string;
}

/** A receiver that can be told what to answer; it keeps what it took and what it did not. */
class Receiver {
  readonly taken: Request[] = [];
  readonly refused: Request[] = [];
  /** Whether a change is answered by 500. */
  refuses: (change: string) => boolean = () => false;
  private server: Server | undefined;
  port = 0;

  async listen(): Promise<void> {
    this.server = createServer((incoming, outgoing) => {
      let body = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      incoming.on('end', () => {
        const { data } = JSON.parse(body) as { data?: IncidentChange };
        const change = data ? `${data.incident_id} ${data.sequence}` : '';
        const isRefused = this.refuses(change);
        (isRefused ? this.refused : this.taken).push({ headers: incoming.headers, body, change });
        outgoing.writeHead(isRefused ? 500 : 200).end('ok');
      });
    });
    await new Promise<void>((listening) => this.server!.listen(this.port, '127.0.0.1', listening));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((closed) => (this.server ? this.server.close(closed) : closed(undefined)));
    this.server = undefined;
  }
}

describe('the notifier', () => {
  let platform: Platform;
  let writer: TopicWriter;
  let db: ClickHouseClient;
  let database: string;
  let folder: string;
  const running: Service[] = [];
  const listening: Receiver[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ringwatch-notifier-'));
    platform = await startPlatform();
    const kafka = connectKafka({ brokers: platform.kafkaBrokers, clientId: 'test' });
    await createTopics(kafka);
    writer = new TopicWriter(kafka);
    await writer.connect();
    db = await freshDatabase(platform.clickhouseUrl);
    const answer = await db.query({ query: 'SELECT currentDatabase() AS name', format: 'JSONEachRow' });
    database = (await answer.json<{ name: string }>())[0]!.name;
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await Promise.all(listening.splice(0).map((receiver) => receiver.close()));
  });
  afterAll(async () => {
    await writer.disconnect();
    await db.close();
    await platform.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function receiver(): Promise<Receiver> {
    const made = new Receiver();
    listening.push(made);
    await made.listen();
    return made;
  }

  /** A notifier for these receivers, each a generic webhook unless its name begins with `slack`. */
  async function notifier(receivers: Record<string, Receiver>): Promise<Service> {
    const list = Object.entries(receivers).map(([name, { port }]) =>
      name.startsWith('slack')
        ? { kind: 'slack', name, url: `http://127.0.0.1:${port}/` }
        : { kind: 'webhook', name, url: `http://127.0.0.1:${port}/`, secrets: [secret] },
    );
    const service = await startService({
      name: 'notifier',
      entry: join(root, 'services', 'notifier', 'dist', 'main.js'),
      port: await freePort(),
      logFile: join(folder, 'notifier.log'),
      env: {
        KAFKA_BROKERS: platform.kafkaBrokers.join(','),
        CLICKHOUSE_URL: platform.clickhouseUrl,
        CLICKHOUSE_DATABASE: database,
        NOTIFIER_RECEIVERS: JSON.stringify(list),
        NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      },
    });
    running.push(service);
    return service;
  }

  const produce = (...values: Array<Partial<IncidentChange> | string>) =>
    writer.write(
      values.map((value) => ({
        topic: 'incidents',
        key: typeof value === 'string' ? null : value.incident_id!,
        value: typeof value === 'string' ? value : JSON.stringify({ ...given, ...value }),
      })),
    );

  async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
    for (const end = Date.now() + withinMs; !(await isSo()); await sleep(20))
      if (Date.now() > end) throw new Error(`it did not come to this within ${withinMs} ms: ${what}`);
  }

  const of = (requests: readonly Request[], incident: string) =>
    requests.map(({ change }) => change).filter((change) => change.startsWith(`${incident} `));
  const outcomes = async (name: string, incident: string) =>
    (await pastDeliveries(db, name, [incident])).map(({ sequence, outcomes: each }) => [sequence, each] as const);

  it('tells each receiver in its own form, signed, and skips what is no change', async () => {
    const [hook, chat] = [await receiver(), await receiver()];
    await notifier({ 'hook-a': hook, 'slack-a': chat });
    await produce('not JSON', { incident_id: 'a', sequence: 1 }, { incident_id: 'a', sequence: 2, change: 'updated' });
    await until(
      'both changes at the webhook, one in chat',
      () => of(hook.taken, 'a').length === 2 && chat.taken.length === 1,
    );
    for (const { headers, body } of hook.taken)
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
    expect(JSON.parse(hook.taken[0]!.body)).toMatchObject({
      type: 'incident.opened',
      data: { incident_id: 'a', sequence: 1 },
    });
    expect(JSON.parse(chat.taken[0]!.body)).toMatchObject({ text: expect.stringContaining('SEV1 opened') });
    await until('rows', async () => (await outcomes('hook-a', 'a')).length === 2);
    expect(await outcomes('hook-a', 'a')).toEqual([
      [1, ['delivered']],
      [2, ['delivered']],
    ]);
    expect(await outcomes('slack-a', 'a')).toEqual([[1, ['delivered']]]);
  });

  it('keeps the order for a receiver that was down, and lets no other wait for it', async () => {
    const [up, down] = [await receiver(), await receiver()];
    await notifier({ 'hook-up': up, 'hook-down': down });
    await produce({ incident_id: 'b', sequence: 1 });
    // A receiver under a new name is told all that is in the topic; what it has not settled holds up what is behind it.
    await until('the first and all before it settled', async () => {
      const counts = ['a', 'b'].map(async (incident) => (await outcomes('hook-down', incident)).length);
      return (await Promise.all(counts)).join() === '2,1' && of(up.taken, 'b').length === 1;
    });
    await down.close();
    const producedAt = Date.now();
    await produce(...[2, 3, 4].map((sequence) => ({ incident_id: 'b', sequence })));
    await until('all at the one that is up', () => of(up.taken, 'b').length === 4);
    expect(Date.now() - producedAt).toBeLessThan(2_000);
    await until('a failed attempt', async () => (await outcomes('hook-down', 'b')).length === 2);
    await down.listen();
    await until('all at the one that was down', () => of(down.taken, 'b').length === 4);
    expect(of(down.taken, 'b')).toEqual(['b 1', 'b 2', 'b 3', 'b 4']);
    const [, second] = await outcomes('hook-down', 'b');
    expect([...second![1]!].sort()).toEqual(['delivered', 'retry']);
  });

  it('misses nothing and repeats nothing that it knows of when it is killed between attempts', async () => {
    const hook = await receiver();
    const service = await notifier({ 'hook-c': hook });
    await produce({ incident_id: 'c', sequence: 1 }, { incident_id: 'd', sequence: 1 });
    await until('the first delivered', () => of(hook.taken, 'c').length === 1 && of(hook.taken, 'd').length === 1);
    hook.refuses = (change) => change.startsWith('d ');
    await produce({ incident_id: 'c', sequence: 2 }, { incident_id: 'd', sequence: 2 });
    await until('one taken, one refused', () => of(hook.taken, 'c').length === 2 && of(hook.refused, 'd').length > 0);
    await until('its row', async () => (await outcomes('hook-c', 'c')).length === 2);
    await service.kill();
    hook.refuses = () => false;
    await service.restart();
    await until('the rest', () => of(hook.taken, 'c').length === 2 && of(hook.taken, 'd').length === 2, 60_000);
    await sleep(1_000);
    expect(of(hook.taken, 'c')).toEqual(['c 1', 'c 2']);
    expect(of(hook.taken, 'd')).toEqual(['d 1', 'd 2']);
    const ids = [...hook.refused, ...hook.taken]
      .filter(({ change }) => change === 'd 2')
      .map(({ headers }) => headers['webhook-id']);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1);
  });

  it('stops within seconds while it waits for a dead receiver', async () => {
    const hook = await receiver();
    const service = await notifier({ 'hook-e': hook });
    await produce({ incident_id: 'e', sequence: 1 });
    await until('the first delivered', () => of(hook.taken, 'e').length === 1);
    hook.refuses = (change) => change === 'e 2'; // what other tests left in the topic is told to it as well
    await produce({ incident_id: 'e', sequence: 2 });
    await until('some attempts', () => of(hook.refused, 'e').length >= 3);
    const stoppingAt = Date.now();
    await service.stop();
    expect(Date.now() - stoppingAt).toBeLessThan(5_000);
  });
});
