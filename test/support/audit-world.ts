import { type Finding, type FateCounts, type Kafka, auditLog, partitionBounds } from '@ringwatch/audit';
import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { inputTopics } from '@ringwatch/inputs';
import { TopicWriter, connectKafka, createTopics } from '@ringwatch/kafka';
import { type Platform, startPlatform } from './platform';
import { PlainIngest } from './plain-ingest';
import { KafkaWorld, type RecordToSend } from './producer';
import { freshDatabase } from './tables';

export const GROUP = 'audited';
export const iso = (instant: number) => new Date(instant).toISOString();

/** Real Kafka, real ClickHouse, and the plainest ingest between them. */
export class AuditWorld {
  platform!: Platform;
  db!: ClickHouseClient;
  world!: KafkaWorld;
  kafka!: Kafka;
  writer!: TopicWriter;
  ingest!: PlainIngest;

  async start(): Promise<this> {
    this.platform = await startPlatform();
    this.db = await freshDatabase(this.platform.clickhouseUrl);
    this.kafka = connectKafka({ brokers: this.platform.kafkaBrokers, clientId: 'audit-test' });
    await createTopics(this.kafka);
    this.world = await new KafkaWorld(this.platform.kafkaBrokers).connect();
    await partitionBounds(this.kafka, GROUP, inputTopics); // waits until the new partitions have leaders
    this.writer = new TopicWriter(this.kafka);
    await this.writer.connect();
    this.ingest = new PlainIngest(this.kafka, this.db, this.writer, GROUP);
    return this;
  }

  async stop(): Promise<void> {
    await this.world?.disconnect();
    await this.writer?.disconnect();
    await this.db?.close();
    await this.platform?.stop();
  }

  send(topic: string, ...events: Array<Record<string, unknown>>): Promise<void> {
    return this.world.send(
      topic,
      events.map((event) => this.record(event)),
    );
  }

  record(event: Record<string, unknown>, more: Partial<RecordToSend> = {}): RecordToSend {
    return { key: String(event['host_id'] ?? event['update_channel']), value: JSON.stringify(event), ...more };
  }

  async rows<Row = Record<string, unknown>>(query: string): Promise<Row[]> {
    const answer = await this.db.query({ query, format: 'JSONEachRow' });
    return answer.json<Row>();
  }

  async count(of: string): Promise<number> {
    return Number((await this.rows<{ n: number }>(`SELECT count() AS n FROM ${of}`))[0]!.n);
  }

  do(query: string): Promise<unknown> {
    return this.db.command({ query, clickhouse_settings: { mutations_sync: '1' } });
  }

  /** The audit of everything that is kept. */
  async audit(): Promise<{ counts: FateCounts; findings: Finding[] }> {
    const findings: Finding[] = [];
    const bounds = await partitionBounds(this.kafka, GROUP, inputTopics);
    const ranges = bounds.map(({ topic, partition, low, high }) => ({ topic, partition, from: low, until: high }));
    const counts = await auditLog({ kafka: this.kafka, db: this.db, ranges, onFinding: (each) => findings.push(each) });
    return { counts, findings };
  }
}

export const bugcheck = (id: string, more: object = {}) => ({
  event_id: id,
  occurred_at: iso(Date.now()),
  host_id: `host-${id}`,
  org_id: 'org-1',
  country: 'DE',
  os_build: '10.0.22631.3880',
  bugcheck_code: '0x50',
  bugcheck_parameters: ['0x1', '0xFFFFFFFFFFFFFFFF', 3, '0x4'],
  driver: 'CSAgent.sys',
  driver_version: '7.11',
  update_channel: 'channel-file-291',
  update_version: '32',
  ...more,
});
export const install = (id: string, more: object = {}) => ({
  event_id: id,
  occurred_at: iso(Date.now()),
  host_id: `host-${id}`,
  org_id: 'org-1',
  country: 'DE',
  os_build: '10.0.22631.3880',
  update_channel: 'content-a',
  update_version: '1',
  outcome: 'applied',
  ...more,
});
export const heartbeat = (host: string, more: object = {}) => ({
  occurred_at: iso(Date.now()),
  host_id: host,
  org_id: 'org-1',
  country: 'DE',
  os_build: '10.0.22631.3880',
  booted_at: iso(0),
  updates: [{ update_channel: 'content-a', update_version: '1' }],
  ...more,
});
export const shipped = (id: string, more: object = {}) => ({
  event_id: id,
  occurred_at: iso(Date.now()),
  action: 'shipped',
  update_channel: 'content-a',
  update_version: '1',
  target_fraction: 0.05,
  ...more,
});
