import { DynamicModule, INestApplication, Module } from '@nestjs/common';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { KafkaBatchServer, type MessageBatch, TopicEndReader, TopicWriter, connectKafka } from '@ringwatch/kafka';
import type { Routing } from '@ringwatch/routing';
import { createLogger, kafkaLog, startService } from '@ringwatch/service-kit';
import { send } from '@ringwatch/webhook';
import { wallClock } from './clock';
import { NotifierConfig, readNotifierConfig, readNotifierRouting } from './config';
import { DeliveryLog } from './delivery/delivery-log';
import { readChanges } from './delivery/read-changes';
import { ReceiverLane } from './delivery/receiver-lane';
import { refreshAlerts } from './delivery/refresh-alerts';
import { fallbackOn, nobody } from './delivery/stand-in';
import { changeOf, openIncidents, setUp, tableOf } from './store';
import { Telemetry } from './telemetry';
import { TopicHandlers, topicsControllerFor } from './topics.controller';
import { observe } from './watchdog/observe';
import { Watchdog } from './watchdog/watchdog';

const GROUP = 'ringwatch-notifier';
const NOBODY = 'nobody';
const WRITE_LOG_EVERY_MS = 5_000;
/**
 * A change that is tried for an hour must not keep those behind it from being read, nor openings that are gathered: so many
 * batches of a topic may wait. What is in work at the end of a process is read again, and what of it was told is left out.
 */
const BATCHES_IN_WORK = 200;
/** A fetch is answered as soon as there is anything; this is only how often an idle one is sent again, for each receiver. */
const FETCH_WAIT_MS = 1_000;
const INPUTS = ['bugchecks', 'updates', 'installs', 'heartbeats', 'incident-actions'];

type Logger = ReturnType<typeof createLogger>;

/** One reader of the topics: a consumer group for each receiver, so that none waits for another. */
interface Reader {
  groupId: string;
  transport: symbol;
  handlers: TopicHandlers;
  isJoined: boolean;
}

/** All that runs, and how it ends. */
interface Parts {
  readers: Reader[];
  db: ClickHouseClient;
  close: () => Promise<void>;
}

@Module({})
class NotifierModule {
  static with(readers: readonly Reader[], onApplicationShutdown: () => Promise<void>): DynamicModule {
    return {
      module: NotifierModule,
      controllers: readers.map(({ transport, handlers }) => topicsControllerFor(transport, handlers)),
      providers: [{ provide: DeliveryLog, useValue: { onApplicationShutdown } }],
    };
  }
}

/** Reads the settings, then tells every receiver of what is on the topics until it is told to stop. */
export async function startNotifier(env: Record<string, string | undefined>): Promise<INestApplication> {
  const config = readNotifierConfig(env);
  const routing = readNotifierRouting(config);
  const logger = createLogger('notifier', config.LOG_LEVEL);
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'ringwatch-notifier' }, kafkaLog(logger));
  const db = await setUp(config, kafka, logger);
  const { readers, close } = await start({ config, routing, logger, kafka, db });
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

interface Outside {
  config: NotifierConfig;
  routing: Routing;
  logger: Logger;
  kafka: ReturnType<typeof connectKafka>;
  db: ClickHouseClient;
}

async function start({ config, routing, logger, kafka, db }: Outside): Promise<Parts> {
  const telemetry = new Telemetry(logger);
  const log = new DeliveryLog(tableOf(db), wallClock, telemetry);
  const writer = new TopicWriter(kafka);
  await writer.connect();
  const settings = { routing, dashboardUrl: config.NOTIFIER_DASHBOARD_URL, maxAgeMs: config.NOTIFIER_MAX_AGE };
  const policy = { allowedHosts: config.NOTIFIER_ALLOW_PRIVATE_TARGETS };
  const stands = (name: string) => routing.fallback !== undefined && routing.fallback !== name;
  const lanes = routing.receivers.map((routed) => {
    const standIn = stands(routed.receiver.name)
      ? fallbackOn(routing.fallback!, (records) => writer.write(records))
      : nobody;
    return new ReceiverLane(routed, settings, {
      log,
      telemetry,
      clock: wallClock,
      standIn,
      findChange: (incidentId, sequence) => changeOf(db, incidentId, sequence),
      send: (request) => send(request, { policy }),
    });
  });
  await Promise.all(lanes.map((lane) => lane.standing.recall()));
  const stop = await watchOver({ config, routing, kafka, db, lanes, log, telemetry });
  const writing = setInterval(() => void log.write(), WRITE_LOG_EVERY_MS).unref();
  if (lanes.length === 0) logger.warn({}, 'no receiver is configured: nobody is told of incidents');
  return {
    readers: lanes.length > 0 ? lanes.map(readerFor) : [readerForNobody(telemetry)],
    db,
    close: async () => {
      clearInterval(writing);
      await stop();
      await log.write();
      await Promise.all([writer.disconnect(), db.close()]);
    },
  };
}

/** What goes on beside the topics: alerts that have to be sent again, and the watchdog. Gives what ends it. */
async function watchOver(
  parts: Omit<Outside, 'logger'> & { lanes: ReceiverLane[]; log: DeliveryLog; telemetry: Telemetry },
): Promise<() => Promise<void>> {
  const { config, routing, kafka, db, lanes, log, telemetry } = parts;
  let isStopped = false;
  const open = () => openIncidents(db);
  const onFailed = (receiver: string, error: unknown) => telemetry.refreshFailed(receiver, error);
  for (const [i, { receiver }] of routing.receivers.entries())
    void refreshAlerts(receiver, lanes[i]!, { log, clock: wallClock, openIncidents: open, onFailed }, () => isStopped);
  const { NOTIFIER_STALE_AFTER: staleAfterMs } = config;
  if (staleAfterMs === undefined || lanes.length === 0) return async () => void (isStopped = true);
  const ends = new TopicEndReader(kafka);
  await ends.connect();
  const road = { db, ends, ingestGroup: config.INGEST_GROUP_ID, topics: INPUTS };
  const watchdog = new Watchdog(staleAfterMs, {
    ...{ routing, lanes, log, telemetry, clock: wallClock },
    observe: () => observe(road, wallClock.now),
    openIncidents: () =>
      open().then(
        ({ length }) => length,
        () => undefined,
      ),
  });
  void watchdog.run();
  return async () => {
    isStopped = true;
    watchdog.stop();
    await ends.disconnect();
  };
}

function readerFor(lane: ReceiverLane): Reader {
  const handlers = {
    incidents: (batch: MessageBatch) => lane.deliver(batch),
    requests: (batch: MessageBatch) => lane.obey(batch),
  };
  return readerOf(`${GROUP}-${lane.name}`, handlers);
}

function readerForNobody(telemetry: Telemetry): Reader {
  return readerOf(GROUP, {
    incidents: async ({ messages }) => {
      const { changes, unreadable } = readChanges(messages);
      telemetry.messagesRead(NOBODY, changes.length, unreadable);
    },
    requests: async () => undefined,
  });
}

function readerOf(groupId: string, handlers: TopicHandlers): Reader {
  return { groupId, transport: Symbol(groupId), handlers, isJoined: false };
}

function serverFor(reader: Reader, kafka: ReturnType<typeof connectKafka>, logger: Logger): KafkaBatchServer {
  const server = new KafkaBatchServer({
    kafka,
    groupId: reader.groupId,
    maxWaitMs: FETCH_WAIT_MS,
    batchesInWork: BATCHES_IN_WORK,
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
