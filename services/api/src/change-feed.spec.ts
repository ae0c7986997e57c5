import { type IncomingMessage, type Server, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChangePosition } from '@ringwatch/clickhouse';
import type { IncidentChange } from '@ringwatch/incident';
import { createLogger } from '@ringwatch/service-kit';
import { ChangeFeed } from './change-feed';
import { EventStream } from './event-stream';
import type { Store } from './store';

const start: ChangePosition = { detectedMs: 0, incidentId: '', sequence: 0 };
const quick = { lookEveryMs: 10, statusEveryMs: 20, commentEveryMs: 30, mostListeners: 2 };

/** A table of changes in memory, asked as the real one is; each tick is a change of one incident. */
class Table {
  readonly orgs: readonly string[] = [];
  rows = 0;
  pad = '';
  async ask(question: string): Promise<unknown> {
    if (question === 'changes-after') return this.after;
    return { newestEventAt: null, closedUntil: null, hosts: this.rows, crashes: 0, updates: 0 };
  }
  get after() {
    return Array.from({ length: this.rows }, (_, n) => ({
      position: { detectedMs: n + 1, incidentId: 'i', sequence: n + 1 },
      change: { sequence: n + 1, ...(this.pad && { reason: this.pad }) } as IncidentChange,
    }));
  }
}

describe('the feed of changes', () => {
  let table: Table;
  let feed: ChangeFeed;
  let server: Server;
  let streams: EventStream[];
  const serve = () =>
    new Promise<string>((resolve) => {
      server = createServer((_request, reply) => {
        const stream = new EventStream(reply);
        streams.push(stream);
        void feed.serve(stream, start, { store: table as unknown as Store, shape: async (change) => change });
      });
      server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    });
  const open = (url: string) => new Promise<IncomingMessage>((resolve) => get(url, resolve));
  const readUntil = async (answer: IncomingMessage, wanted: RegExp) => {
    let text = '';
    for await (const part of answer) if (wanted.test((text += String(part)))) return text;
    return text;
  };
  const sequences = (text: string) =>
    [...text.matchAll(/data: \{"sequence":(\d+)\}/g)].map(([, number]) => Number(number));

  beforeEach(() => {
    table = new Table();
    streams = [];
    feed = new ChangeFeed(table as unknown as Store, createLogger('api', 'fatal'), quick);
  });
  afterEach(() => {
    feed.onModuleDestroy();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  it('tells each change once and in order, what was there and what comes', async () => {
    table.rows = 3;
    const answer = await open(await serve());
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    setTimeout(() => (table.rows = 5), 30);
    const text = await readUntil(answer, /"sequence":5/);
    expect(sequences(text)).toEqual([1, 2, 3, 4, 5]);
    expect(text).toMatch(/^retry: 3000\n\nid: \S+\nevent: incident\ndata: /);
  });

  it('says something now and then, and the status when it has changed', async () => {
    const answer = await open(await serve());
    setTimeout(() => (table.rows = 1), 40);
    const text = await readUntil(answer, /"hosts":1[\s\S]*: still here/);
    expect(text.match(/event: status/g)).toHaveLength(2);
  });

  it('ends streams when the service does, and takes no more', async () => {
    const answer = await open(await serve());
    setTimeout(() => feed.onModuleDestroy(), 30);
    await readUntil(answer, /never/);
    expect(answer.complete).toBe(true);
    expect(() => feed.requireRoom()).toThrow('try again later');
  });

  it('lets so many listen and no more', async () => {
    const url = await serve();
    feed.requireRoom();
    const answers = [await open(url), await open(url)];
    expect(() => feed.requireRoom()).toThrow('2 clients listen already');
    for (const answer of answers) answer.destroy();
    for (let tries = 0; tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      try {
        return feed.requireRoom();
      } catch {
        continue;
      }
    }
    throw new Error('who hung up still counts');
  });

  it('cuts off a client that does not read', async () => {
    table.pad = 'x'.repeat(4 * 1024 * 1024);
    table.rows = 4;
    const answer = await open(await serve());
    for (let tries = 0; streams[0]!.isOpen && tries < 100; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(streams[0]!.isOpen).toBe(false);
    answer.destroy();
  });
});
