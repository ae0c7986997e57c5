import { DynamicModule, INestApplication, Module } from '@nestjs/common';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { ClickHouseClient, connectClickHouse, migrate } from '@ringwatch/clickhouse';
import { KafkaBatchServer, TopicEndReader, TopicWriter, connectKafka, createTopics } from '@ringwatch/kafka';
import { clickhouseOf, createLogger, kafkaLog, startService, waitFor } from '@ringwatch/service-kit';
import type { Logger } from 'pino';
import { ArrivalClocks } from './arrival-clocks';
import { IngestConfig, readIngestConfig } from './config';
import { IngestController } from './ingest.controller';
import { Intake } from './intake';
import { StoppedPartitions } from './stopped-partitions';
import { metrics } from './telemetry';

/** Below the session timeout of the consumer: a member that lost its partitions has given up its insert by then. */
const INSERT_TIMEOUT_MS = 8_000;
/** Without a closed arrival clock for so long, the detector stands still: ingest is not ready. */
const MAX_SECONDS_WITHOUT_PROGRESS = 15;

@Module({ controllers: [IngestController] })
class IngestModule {
  static with(parts: Parts, config: IngestConfig): DynamicModule {
    return {
      module: IngestModule,
      providers: [
        { provide: Intake, useValue: new Intake({ ...parts, mostRefusedShare: config.INGEST_MOST_REFUSED_SHARE }) },
        { provide: ArrivalClocks, useValue: { onApplicationShutdown: () => disconnect(parts) } },
      ],
    };
  }
}

/** Sets up the topics and tables, then reads the four inputs until it is told to stop. */
export async function startIngest(env: Record<string, string | undefined>): Promise<INestApplication> {
  const config = readIngestConfig(env);
  const logger = createLogger('ingest', config.LOG_LEVEL);
  const parts = await connect(config, logger);
  const stopped = new StoppedPartitions();
  return startService({
    name: 'ingest',
    http: config,
    module: ({ readiness }) => {
      readiness.add('clickhouse', async () => requireAnswer(parts.db));
      readiness.add('progress', async () => requireProgress(parts.clocks));
      readiness.add('refusals', async () => stopped.requireNone());
      return IngestModule.with(parts, config);
    },
    configure: (app) => {
      app.connectMicroservice<MicroserviceOptions>({ strategy: createServer(config, parts, stopped, logger) });
      parts.clocks.start();
    },
  });
}

interface Parts {
  kafka: ReturnType<typeof connectKafka>;
  db: ClickHouseClient;
  deadLetterWriter: TopicWriter;
  ends: TopicEndReader;
  clocks: ArrivalClocks;
}

async function connect(config: IngestConfig, logger: Logger): Promise<Parts> {
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'ringwatch-ingest' }, kafkaLog(logger));
  const clickhouse = clickhouseOf(config);
  await waitFor('ClickHouse', logger, () => migrate(clickhouse, (file) => logger.info({ file }, 'migration applied')));
  await waitFor('Kafka', logger, () => createTopics(kafka));
  const deadLetterWriter = new TopicWriter(kafka);
  const ends = new TopicEndReader(kafka);
  await Promise.all([deadLetterWriter.connect(), ends.connect()]);
  const db = connectClickHouse(clickhouse, { timeoutMs: INSERT_TIMEOUT_MS });
  return { kafka, db, deadLetterWriter, ends, clocks: new ArrivalClocks(db, ends, config.INGEST_GROUP_ID, logger) };
}

async function disconnect({ clocks, deadLetterWriter, ends, db }: Parts): Promise<void> {
  await clocks.stop();
  await Promise.allSettled([deadLetterWriter.disconnect(), ends.disconnect()]);
  await db.close();
}

function createServer(
  config: IngestConfig,
  parts: Parts,
  stopped: StoppedPartitions,
  logger: Logger,
): KafkaBatchServer {
  return new KafkaBatchServer({
    kafka: parts.kafka,
    groupId: config.INGEST_GROUP_ID,
    maxWaitMs: config.INGEST_FETCH_MAX_WAIT_MS,
    onAssigned: (assignment) => parts.clocks.assign(assignment),
    onRevoked: () => {
      stopped.forget();
      parts.clocks.revoke();
    },
    onRead: ({ topic, partition, next }) => parts.clocks.readTo(topic, partition, next),
    onRetry: (error, batch) => {
      metrics.retries.inc({ table: batch.topic });
      if (stopped.note(error, batch.topic, batch.partition))
        logger.error({ err: error, ...batch }, 'partition stopped');
      else logger.warn({ err: error, ...batch }, 'batch not stored, trying again');
    },
    onCrash: (error) => {
      logger.fatal({ err: error }, 'Kafka consumer stopped for good');
      process.exit(1);
    },
  });
}

async function requireAnswer(db: ClickHouseClient): Promise<void> {
  const answer = await db.ping();
  if (!answer.success) throw new Error('ClickHouse does not answer');
}

function requireProgress(clocks: ArrivalClocks): void {
  const seconds = clocks.secondsSinceClosed();
  if (seconds > MAX_SECONDS_WITHOUT_PROGRESS)
    throw new Error(`no arrival clock was closed for ${seconds.toFixed(0)} s`);
}
