import { type ClickHouseClient, connectClickHouse, migrate } from '@ringwatch/clickhouse';
import { TopicWriter, connectKafka } from '@ringwatch/kafka';
import { clickhouseOf } from '@ringwatch/service-kit';
import type { CliConfig } from './config';

/** Questions over the whole store take their time. */
const TIMEOUT_MS = 30 * 60_000;

/** What a command speaks to. */
export interface Connections {
  config: CliConfig;
  kafka: ReturnType<typeof connectKafka>;
  db: ClickHouseClient;
  /** Connected when it is first asked for: only few commands write. */
  writer: () => Promise<TopicWriter>;
  close: () => Promise<void>;
}

/** A server that does not answer: exit code 2. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Connects, with the newest schema. @throws UnreachableError when ClickHouse or Kafka does not answer */
export async function connect(config: CliConfig, needsKafka: boolean): Promise<Connections> {
  const settings = clickhouseOf(config);
  await reach(`ClickHouse at ${config.CLICKHOUSE_URL}`, () => migrate(settings));
  const options = { brokers: config.KAFKA_BROKERS, clientId: 'ringwatch-cli' };
  const kafka = connectKafka(options);
  if (needsKafka) await reach(`Kafka at ${config.KAFKA_BROKERS.join(', ')}`, () => requireKafka(kafka));
  const db = connectClickHouse(settings, { timeoutMs: TIMEOUT_MS });
  let writer: TopicWriter | undefined;
  return {
    config,
    kafka,
    db,
    writer: async () => {
      if (!writer) await (writer = new TopicWriter(kafka)).connect();
      return writer;
    },
    close: async () => {
      await writer?.disconnect();
      await db.close();
    },
  };
}

async function requireKafka(kafka: Connections['kafka']): Promise<void> {
  const admin = kafka.admin({ retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 } });
  await admin.connect();
  await admin.listTopics().finally(() => admin.disconnect());
}

async function reach(what: string, attempt: () => Promise<unknown>): Promise<void> {
  try {
    await attempt();
  } catch (cause) {
    throw new UnreachableError(`${what} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
