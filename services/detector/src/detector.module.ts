import { DynamicModule, INestApplication, Module } from '@nestjs/common';
import { ClickHouseClient, connectClickHouse, migrate } from '@ringwatch/clickhouse';
import { defaultPolicy } from '@ringwatch/detection';
import { inputTopics } from '@ringwatch/inputs';
import { TopicEndReader, TopicWriter, connectKafka, createTopics } from '@ringwatch/kafka';
import { clickhouseOf, createLogger, kafkaLog, startService, waitFor } from '@ringwatch/service-kit';
import { Decider } from '@ringwatch/ticks';
import type { Logger } from 'pino';
import { DetectorConfig, readDetectorConfig } from './config';
import { DetectorLoop } from './detector-loop';
import { IncidentLog } from './incident-log';

/** Partitions are counted again so often: a topic may be given more. */
const COUNT_EVERY_MS = 15_000;

@Module({})
class DetectorModule {
  static with({ loop, db, writer, ends }: Parts): DynamicModule {
    const onApplicationShutdown = async () => {
      await loop.stop();
      await Promise.allSettled([writer.disconnect(), ends.disconnect()]);
      await db.close();
    };
    return { module: DetectorModule, providers: [{ provide: DetectorLoop, useValue: { onApplicationShutdown } }] };
  }
}

/** Sets up what is missing, then decides tick by tick until it is told to stop. */
export async function startDetector(env: Record<string, string | undefined>): Promise<INestApplication> {
  const config = readDetectorConfig(env);
  const logger = createLogger('detector', config.LOG_LEVEL);
  const parts = await connect(config, logger);
  const app = await startService({
    name: 'detector',
    http: config,
    module: ({ readiness }) => {
      readiness.add('progress', async () => parts.loop.requireProgress());
      return DetectorModule.with(parts);
    },
  });
  parts.loop.start();
  return app;
}

interface Parts {
  db: ClickHouseClient;
  writer: TopicWriter;
  ends: TopicEndReader;
  loop: DetectorLoop;
}

async function connect(config: DetectorConfig, logger: Logger): Promise<Parts> {
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'ringwatch-detector' }, kafkaLog(logger));
  const clickhouse = clickhouseOf(config);
  await waitFor('ClickHouse', logger, () => migrate(clickhouse, (file) => logger.info({ file }, 'migration applied')));
  await waitFor('Kafka', logger, () => createTopics(kafka));
  const writer = new TopicWriter(kafka);
  const ends = new TopicEndReader(kafka);
  await Promise.all([writer.connect(), ends.connect()]);
  const db = connectClickHouse(clickhouse, { precedence: 'decisions' });
  const decider = new Decider(db, new IncidentLog(db, writer, logger), defaultPolicy);
  return { db, writer, ends, loop: new DetectorLoop(decider, partitionCounter(ends), logger) };
}

/** How many partitions the inputs have: arrival time is closed only where all of them are. */
function partitionCounter(ends: TopicEndReader): () => Promise<number> {
  let counted = { at: -Infinity, partitions: 0 };
  return async () => {
    if (Date.now() - counted.at < COUNT_EVERY_MS) return counted.partitions;
    let partitions = 0;
    for (const topic of inputTopics) partitions += (await ends.endsOf(topic)).size;
    counted = { at: Date.now(), partitions };
    return partitions;
  };
}
