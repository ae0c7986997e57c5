import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { type EachBatchPayload, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { z } from 'zod';

/** What the process is told (as JSON, its only argument). */
export interface PlainSettings {
  brokers: string[];
  clickhouseUrl: string;
  database: string;
  topic: string;
  groupId: string;
}

const unsigned = z
  .union([z.string().regex(/^0x[0-9a-fA-F]+$/), z.number().int().min(0)])
  .transform((value) => BigInt(value).toString());
const time = z.iso.datetime({ offset: true }).transform((value) => new Date(value).toISOString());
const update = z.object({ update_channel: z.string().max(160), update_version: z.string().max(64) });

/** The contract, as far as zod says it without code of its own. */
const bugcheck = z.object({
  event_id: z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/),
  occurred_at: time.refine((value) => value >= '2000'),
  host_id: z.string().min(1).max(128),
  org_id: z.string().min(1).max(128),
  country: z.string().regex(/^[A-Z]{2}$/),
  os_build: z.string().min(1).max(64),
  bugcheck_code: unsigned.refine((value) => Number(value) < 2 ** 32),
  bugcheck_parameters: z.array(unsigned).length(4),
  driver: z.string().min(1).max(128).toLowerCase(),
  driver_version: z.string().max(64),
  update_channel: z.string().max(160),
  update_version: z.string().max(64),
  fault_offset: unsigned.optional(),
  uptime_seconds: z.number().int().min(0).optional(),
  recent_updates: z
    .array(update.extend({ applied_at: time }))
    .max(32)
    .default([]),
});

/** About 10,000 messages of a partition at once. */
const MAX_BYTES_PER_PARTITION = 4 * 1024 * 1024;

async function consume(settings: PlainSettings): Promise<void> {
  const db = createClient({
    url: settings.clickhouseUrl,
    database: settings.database,
    clickhouse_settings: { async_insert: 0, date_time_input_format: 'best_effort', wait_end_of_query: 1 },
  });
  const kafka = new Kafka({ brokers: settings.brokers, clientId: 'plain-node', logLevel: logLevel.ERROR });
  const consumer = kafka.consumer({
    groupId: settings.groupId,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
    maxBytes: 4 * MAX_BYTES_PER_PARTITION,
    maxWaitTimeInMs: 100,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: settings.topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 4,
    eachBatch: (payload) => take(db, payload),
  });
  process.once('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)));
}

async function take(db: ClickHouseClient, payload: EachBatchPayload): Promise<void> {
  const { topic, partition, messages } = payload.batch;
  const last = payload.batch.lastOffset();
  const rows: object[] = [];
  const letters: object[] = [];
  for (const message of messages) {
    const received_at = new Date(Number(message.timestamp)).toISOString();
    const source = { received_at, source_partition: partition, source_offset: message.offset };
    const parsed = parse(message);
    if (parsed.success) rows.push({ ...parsed.data, ...source });
    else letters.push({ ...source, ...letterOf(topic, message, parsed.error) });
  }
  await db.insert({ table: 'bugchecks', values: rows, format: 'JSONEachRow' });
  if (letters.length > 0) await db.insert({ table: 'dead_letters', values: letters, format: 'JSONEachRow' });
  payload.resolveOffset(last);
  await payload.heartbeat();
  const next = String(BigInt(last) + 1n);
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: next }] }] });
}

function parse(message: KafkaMessage) {
  try {
    return bugcheck.safeParse(JSON.parse(String(message.value)));
  } catch (error) {
    return { success: false as const, error: error as Error };
  }
}

function letterOf(source_topic: string, { timestamp, key, value }: KafkaMessage, error: Error): object {
  return {
    source_topic,
    source_timestamp: new Date(Number(timestamp)).toISOString(),
    reason: error instanceof SyntaxError ? 'not_json' : 'wrong_type',
    detail: error.message.slice(0, 500),
    key_base64: key?.toString('base64') ?? '',
    payload_base64: value?.toString('base64') ?? '',
  };
}

if (process.argv[3]) void consume(JSON.parse(process.argv[3]) as PlainSettings);
