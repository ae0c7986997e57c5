import { DynamicModule, INestApplication, Module } from '@nestjs/common';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { ClickHouseClient } from '@ringwatch/clickhouse';
import { KafkaBatchServer } from '@ringwatch/kafka';
import { createLogger, startService, waitFor } from '@ringwatch/service-kit';
import type { Logger } from 'pino';
import type { ArrivalClocks } from './arrival-clocks';
import { IngestConfig, readIngestConfig } from './config';
import { Parts, connect, disconnect, startBackground } from './connect';
import { IngestController } from './ingest.controller';
import { Intake } from './intake';
import { StoppedPartitions } from './stopped-partitions';
import { metrics } from './telemetry';

/** Without a closed arrival clock for so long, the detector stands still: ingest is not ready. */
const MAX_SECONDS_WITHOUT_PROGRESS = 15;
/** With the 2 s between two looks at what waits this is 15 s at most; one insert that is given up and repeated takes 8. */
const MAX_STANDING_MS = 12_000;

@Module({ controllers: [IngestController] })
class IngestModule {
  static with(parts: Parts): DynamicModule {
    return {
      module: IngestModule,
      providers: [
        { provide: Intake, useValue: parts.intake },
        { provide: 'connections', useValue: { onApplicationShutdown: () => disconnect(parts) } },
      ],
    };
  }
}

/** Sets up the topics and tables, then reads the inputs until it is told to stop. */
export async function startIngest(env: Record<string, string | undefined>): Promise<INestApplication> {
  const config = readIngestConfig(env);
  const logger = createLogger('ingest', config.LOG_LEVEL);
  const parts = await connect(config, logger);
  await waitFor('erasures', logger, () => startBackground(parts));
  const stopped = new StoppedPartitions();
  return startService({
    name: 'ingest',
    http: config,
    module: ({ readiness }) => {
      readiness.add('clickhouse', async () => requireAnswer(parts.db));
      readiness.add('progress', async () => requireProgress(parts.clocks));
      readiness.add('refusals', async () => stopped.requireNone());
      return IngestModule.with(parts);
    },
    configure: (app) => {
      app.connectMicroservice<MicroserviceOptions>({ strategy: createServer(config, parts, stopped, logger) });
    },
  });
}

function createServer(
  config: IngestConfig,
  { kafka, clocks }: Parts,
  stopped: StoppedPartitions,
  logger: Logger,
): KafkaBatchServer {
  return new KafkaBatchServer({
    kafka,
    groupId: config.INGEST_GROUP_ID,
    maxWaitMs: config.INGEST_FETCH_MAX_WAIT_MS,
    onAssigned: (assignment) => clocks.assign(assignment),
    onRevoked: () => {
      stopped.forget();
      return clocks.revoke();
    },
    onRead: ({ topic, partition, next }) => clocks.readTo(topic, partition, next),
    onRetry: (error, batch) => {
      metrics.retries.inc({ table: batch.topic });
      if (stopped.note(error, batch.topic, batch.partition))
        logger.error({ err: error, ...batch }, 'partition stopped');
      else logger.warn({ err: error, ...batch }, 'batch not stored, trying again');
    },
    onGap: (gap) => {
      metrics.gaps.inc({ topic: gap.topic }, gap.lost);
      if (gap.lost > 0) logger.error({ ...gap }, 'messages lost before they were read');
      else logger.warn({ ...gap }, 'topic begins anew: it was made again, or its log was cut');
    },
    onSlow: (reason) => logger.warn({ reason }, 'Kafka is read more slowly than it could be'),
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
  const complaint = clocks.standsStill(MAX_STANDING_MS);
  if (complaint !== undefined) throw new Error(complaint);
}
