import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ClickHouseClient,
  type ListedDelivery,
  listDeliveries,
  storeIncidentChanges,
} from '@ringwatch/clickhouse';
import { incidentChangeSchema, type IncidentChange } from '@ringwatch/incident';
import { connectKafka, createTopics, TopicWriter } from '@ringwatch/kafka';
import { freePort, type Service, startService } from '@ringwatch/platform';
import { type Platform, startPlatform } from './platform';
import { freshDatabase } from './tables';

const root = join(__dirname, '..', '..');
const { given: draft } = JSON.parse(readFileSync(join(root, 'libs', 'webhook', 'cases', 'opened.json'), 'utf8')) as {
  given: object;
};
export const given = incidentChangeSchema.parse(draft);
export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** What came to a receiver. */
export interface Came {
  at: number;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** `<incident_id> <sequence>` in a generic webhook, else empty. */
  change: string;
}

/** How a receiver answers: a status with the body `ok`, more than that, or nothing at all. */
export type Reply = number | { status: number; body: string; headers?: Record<string, string> } | 'silence';

/** A receiver that can be told what to answer; it keeps what it took and what it did not. */
export class StubReceiver {
  readonly taken: Came[] = [];
  readonly refused: Came[] = [];
  answer: (came: Came) => Reply = () => 200;
  /** Told when an answer is on its way to the notifier. */
  onAnswered: (came: Came) => void = () => undefined;
  private server: Server | undefined;
  port = 0;

  async listen(): Promise<void> {
    this.server = createServer((incoming, outgoing) => {
      let body = '';
      const at = Date.now();
      incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      incoming.on('end', () => {
        const { data } = JSON.parse(body) as { data?: Partial<IncidentChange> };
        const change = data?.incident_id === undefined ? '' : `${data.incident_id} ${data.sequence}`;
        const { method = '', url: path = '', headers } = incoming;
        const came = { at, method, path, headers, body, change };
        const reply = this.answer(came);
        if (reply === 'silence') return void this.refused.push(came);
        const {
          status,
          body: text,
          headers: more,
        } = typeof reply === 'number' ? { status: reply, body: 'ok', headers: {} } : reply;
        (status < 300 ? this.taken : this.refused).push(came);
        outgoing.writeHead(status, more).end(text, () => this.onAnswered(came));
      });
    });
    await new Promise<void>((listening) => this.server!.listen(this.port, '127.0.0.1', listening));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** The changes of one incident that it took, in order. */
  of(incident: string, came = this.taken): string[] {
    return came.map(({ change }) => change).filter((change) => change.startsWith(`${incident} `));
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((closed) => (this.server ? this.server.close(closed) : closed(undefined)));
    this.server = undefined;
  }
}

/** Real Kafka, real ClickHouse, notifiers as processes, and receivers to be told. */
export class NotifierWorld {
  platform!: Platform;
  db!: ClickHouseClient;
  database!: string;
  private writer!: TopicWriter;
  private folder!: string;
  private readonly running: Service[] = [];
  private readonly listening: StubReceiver[] = [];

  async start(): Promise<this> {
    this.folder = mkdtempSync(join(tmpdir(), 'ringwatch-notifier-'));
    this.platform = await startPlatform();
    const kafka = connectKafka({ brokers: this.platform.kafkaBrokers, clientId: 'test' });
    await createTopics(kafka);
    this.writer = new TopicWriter(kafka);
    await this.writer.connect();
    this.db = await freshDatabase(this.platform.clickhouseUrl);
    const answer = await this.db.query({ query: 'SELECT currentDatabase() AS name', format: 'JSONEachRow' });
    this.database = (await answer.json<{ name: string }>())[0]!.name;
    return this;
  }

  /** Ends what one test has started. */
  async clear(): Promise<void> {
    await Promise.all(this.running.splice(0).map((service) => service.stop()));
    await Promise.all(this.listening.splice(0).map((receiver) => receiver.close()));
  }

  async stop(): Promise<void> {
    await this.clear();
    await this.writer.disconnect();
    await this.db.close();
    await this.platform.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async receiver(): Promise<StubReceiver> {
    const made = new StubReceiver();
    this.listening.push(made);
    await made.listen();
    return made;
  }

  /** The settings under which services and commands find this world. */
  get settings(): Record<string, string> {
    return {
      KAFKA_BROKERS: this.platform.kafkaBrokers.join(','),
      CLICKHOUSE_URL: this.platform.clickhouseUrl,
      CLICKHOUSE_DATABASE: this.database,
      NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1',
    };
  }

  /** A notifier with this routing file. */
  async notifier(config: object, env: Record<string, string> = {}): Promise<Service> {
    const service = await startService({
      name: 'notifier',
      entry: join(root, 'services', 'notifier', 'dist', 'main.js'),
      port: await freePort(),
      logFile: join(this.folder, 'notifier.log'),
      env: { ...this.settings, NOTIFIER_STALE_AFTER: 'off', ...env, NOTIFIER_CONFIG: JSON.stringify(config) },
    });
    this.running.push(service);
    return service;
  }

  /** All that the notifiers of this world have logged. */
  get log(): string {
    return readFileSync(join(this.folder, 'notifier.log'), 'utf8');
  }

  /** Puts changes on the topic. */
  produce(...values: Array<Partial<IncidentChange> | string>): Promise<void> {
    return this.writer.write(
      values.map((value) => ({
        topic: 'incidents',
        key: typeof value === 'string' ? null : value.incident_id!,
        value: typeof value === 'string' ? value : JSON.stringify({ ...given, ...value }),
      })),
    );
  }

  /** Puts changes into the table, as the detector does after it has put them on the topic. */
  store(...values: Array<Partial<IncidentChange>>): Promise<void> {
    return storeIncidentChanges(
      this.db,
      values.map((value) => ({ ...given, ...value })),
    );
  }

  /** The delivery log of one receiver, oldest first; of one incident, or all of it. */
  async rows(receiver: string, incidentId?: string): Promise<ListedDelivery[]> {
    const rows = await listDeliveries(this.db, {
      receiver,
      maxRows: 100_000,
      ...(incidentId === undefined ? {} : { incidentId }),
    });
    return rows.reverse();
  }
}

/** An entry for a generic webhook at a receiver, or for another kind. */
export function entryFor(name: string, { port }: StubReceiver, more: object = {}): object {
  const entry = { name, kind: 'webhook', url: `http://127.0.0.1:${port}/`, ...more };
  return entry.kind === 'webhook' ? { ...entry, secrets: [secret] } : entry;
}

/** Waits until it is so. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  for (const end = Date.now() + withinMs; !(await isSo()); await sleep(20))
    if (Date.now() > end) throw new Error(`it did not come to this within ${withinMs} ms: ${what}`);
}
