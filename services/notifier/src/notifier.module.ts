import { DynamicModule, INestApplication, Module } from '@nestjs/common';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { ClickHouseClient, connectClickHouse, migrate, pastDeliveries, storeDeliveries } from '@ringwatch/clickhouse';
import { KafkaBatchServer, connectKafka, createTopics } from '@ringwatch/kafka';
import { clickhouseOf, createLogger, kafkaLog, startService, waitFor } from '@ringwatch/service-kit';
import { send } from '@ringwatch/webhook';
import { wallClock } from './clock';
import { NotifierConfig, readNotifierConfig } from './config';
import { DeliveryLog } from './delivery-log';
import { BatchHandler, incidentsControllerFor } from './incidents.controller';
import { readChanges } from './read-changes';
import { ReceiverLane } from './receiver-lane';
import { Route, readRoutes } from './routes';
import { Telemetry } from './telemetry';

const GROUP = 'ringwatch-notifier';
const NOBODY = 'nobody';
const WRITE_LOG_EVERY_MS = 5_000;

type Logger = ReturnType<typeof createLogger>;

/** One reader of the topic: a consumer group for each receiver, so that none waits for another. */
interface Reader {
  groupId: string;
  transport: symbol;
  handle: BatchHandler;
  isJoined: boolean;
}

@Module({})
class NotifierModule {
  static with(readers: readonly Reader[], onApplicationShutdown: () => Promise<void>): DynamicModule {
    return {
      module: NotifierModule,
      controllers: readers.map(({ transport, handle }) => incidentsControllerFor(transport, handle)),
      providers: [{ provide: DeliveryLog, useValue: { onApplicationShutdown } }],
    };
  }
}

/** Reads the settings, then tells every receiver of every change on the topic `incidents` until it is told to stop. */
export async function startNotifier(env: Record<string, string | undefined>): Promise<INestApplication> {
  const config = readNotifierConfig(env);
  const routes = readRoutes(config);
  const logger = createLogger('notifier', config.LOG_LEVEL);
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'ringwatch-notifier' }, kafkaLog(logger));
  const db = await setUp(config, kafka, logger);
  const telemetry = new Telemetry(logger);
  const log = logOn(db, telemetry);
  const readers = readersFor(routes, { config, log, telemetry });
  if (routes.length === 0) logger.warn({}, 'no receiver is configured: nobody is told of incidents');
  const writing = setInterval(() => void log.write(), WRITE_LOG_EVERY_MS).unref();
  const close = async () => {
    clearInterval(writing);
    await log.write();
    await db.close();
  };
  return startService({
    name: 'notifier',
    http: config,
    module: ({ readiness }) => {
      readiness.add('clickhouse', async () => requireAnswer(db));
      readiness.add('incidents', async () => requireJoined(readers));
      return NotifierModule.with(readers, close);
    },
    configure: (app) => {
      for (const reader of readers)
        app.connectMicroservice<MicroserviceOptions>({ strategy: serverFor(reader, kafka, logger) });
    },
  });
}

async function setUp(
  config: NotifierConfig,
  kafka: ReturnType<typeof connectKafka>,
  logger: Logger,
): Promise<ClickHouseClient> {
  const clickhouse = clickhouseOf(config);
  await waitFor('ClickHouse', logger, () => migrate(clickhouse, (file) => logger.info({ file }, 'migration applied')));
  await waitFor('Kafka', logger, () => createTopics(kafka));
  return connectClickHouse(clickhouse);
}

function logOn(db: ClickHouseClient, telemetry: Telemetry): DeliveryLog {
  const table = {
    past: (receiver: string, incidentIds: readonly string[]) => pastDeliveries(db, receiver, incidentIds),
    store: (records: Parameters<typeof storeDeliveries>[1]) => storeDeliveries(db, records),
  };
  return new DeliveryLog(table, wallClock, telemetry);
}

function readersFor(
  routes: readonly Route[],
  { config, log, telemetry }: { config: NotifierConfig; log: DeliveryLog; telemetry: Telemetry },
): Reader[] {
  const settings = { dashboardUrl: config.NOTIFIER_DASHBOARD_URL, maxAgeMs: config.NOTIFIER_MAX_AGE };
  const policy = { allowedHosts: config.NOTIFIER_ALLOW_PRIVATE_TARGETS };
  const parts = {
    log,
    telemetry,
    clock: wallClock,
    send: (request: Parameters<typeof send>[0]) => send(request, { policy }),
  };
  const lanes = routes.map((route) => new ReceiverLane(route, settings, parts));
  const toReader = (groupId: string, handle: BatchHandler) => ({
    groupId,
    transport: Symbol(groupId),
    handle,
    isJoined: false,
  });
  if (lanes.length > 0) return lanes.map((lane) => toReader(`${GROUP}-${lane.name}`, (batch) => lane.deliver(batch)));
  return [
    toReader(GROUP, async ({ messages }) => {
      const { changes, unreadable } = readChanges(messages);
      telemetry.messagesRead(NOBODY, changes.length, unreadable);
    }),
  ];
}

function serverFor(reader: Reader, kafka: ReturnType<typeof connectKafka>, logger: Logger): KafkaBatchServer {
  const server = new KafkaBatchServer({
    kafka,
    groupId: reader.groupId,
    onAssigned: () => (reader.isJoined = true),
    onRetry: (error, batch) =>
      logger.warn({ err: error, group: reader.groupId, ...batch }, 'batch not done, trying again'),
    onCrash: (error) => {
      logger.fatal({ err: error, group: reader.groupId }, 'Kafka consumer stopped for good');
      process.exit(1);
    },
  });
  server.setTransportId(reader.transport);
  return server;
}

async function requireAnswer(db: ClickHouseClient): Promise<void> {
  const answer = await db.ping();
  if (!answer.success) throw new Error('ClickHouse does not answer');
}

function requireJoined(readers: readonly Reader[]): void {
  const missing = readers.filter(({ isJoined }) => !isJoined).map(({ groupId }) => groupId);
  if (missing.length > 0) throw new Error(`has not joined yet: ${missing.join(', ')}`);
}
