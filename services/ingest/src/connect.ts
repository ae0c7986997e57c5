import { Auditor, toRecords } from '@ringwatch/audit';
import {
  ClickHouseClient,
  DeadLetter,
  EventBlock,
  connectClickHouse,
  markChangedHours,
  migrate,
  storeBlock,
  storeDeadLetters,
} from '@ringwatch/clickhouse';
import type { InputTopic } from '@ringwatch/inputs';
import { TopicEndReader, TopicWriter, connectKafka, createTopics } from '@ringwatch/kafka';
import { clickhouseOf, kafkaLog, waitFor } from '@ringwatch/service-kit';
import type { Logger } from 'pino';
import { ArrivalClocks } from './arrival-clocks';
import type { IngestConfig } from './config';
import { ErasureWatch } from './erasure-watch';
import { Intake } from './intake';
import { Roller } from './roller';
import { metrics } from './telemetry';

/** Below the session timeout of the consumer: a member that lost its partitions has given up its insert by then. */
const INSERT_TIMEOUT_MS = 8_000;
/** For what runs beside: counting an hour again, an audit's look at everything. */
const BACKGROUND_TIMEOUT_MS = 600_000;
/** An insert costs ClickHouse some 20 ms of CPU, however few rows it has; nobody sees whether an event is there 0.1 s sooner. */
const BLOCK_EVERY_MS = 100;
const AUDIT_AGE_EVERY_MS = 5_000;

/** Everything that ingest is made of, connected. */
export interface Parts {
  kafka: ReturnType<typeof connectKafka>;
  db: ClickHouseClient;
  backgroundDb: ClickHouseClient;
  deadLetterWriter: TopicWriter;
  ends: TopicEndReader;
  clocks: ArrivalClocks;
  erasures: ErasureWatch;
  intake: Intake;
  roller: Roller;
  auditor: Auditor;
}

/** Sets up tables and topics, and connects; waits for ClickHouse and Kafka as long as it takes. */
export async function connect(config: IngestConfig, logger: Logger): Promise<Parts> {
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'ringwatch-ingest' }, kafkaLog(logger));
  const clickhouse = clickhouseOf(config);
  await waitFor('ClickHouse', logger, () => migrate(clickhouse, (file) => logger.info({ file }, 'migration applied')));
  await waitFor('Kafka', logger, () => createTopics(kafka));
  const deadLetterWriter = new TopicWriter(kafka);
  const ends = new TopicEndReader(kafka);
  await Promise.all([deadLetterWriter.connect(), ends.connect()]);
  const db = connectClickHouse(clickhouse, { timeoutMs: INSERT_TIMEOUT_MS });
  const backgroundDb = connectClickHouse(clickhouse, {
    timeoutMs: BACKGROUND_TIMEOUT_MS,
    precedence: 'background',
  });
  const clocks = new ArrivalClocks(db, ends, config.INGEST_GROUP_ID, logger);
  const erasures = new ErasureWatch(db, logger);
  const isBehind = () => clocks.isFarBehind();
  const intake = new Intake({
    storeBlock: (block) => storeRows(db, block),
    blockEveryMs: BLOCK_EVERY_MS,
    keepLetters: (letters) => keepLetters(db, deadLetterWriter, letters),
    clocks,
    erasures: () => erasures.current(),
    mostRefusedShare: config.INGEST_MOST_REFUSED_SHARE,
  });
  const roller = new Roller(backgroundDb, logger, isBehind);
  const auditor = new Auditor({
    kafka,
    db: backgroundDb,
    writer: deadLetterWriter,
    groupId: config.INGEST_GROUP_ID,
    isBehind,
    onFinding: (finding) => {
      metrics.auditFindings.inc({ kind: finding.kind });
      logger.error({ ...finding }, 'audit found something wrong');
    },
    onReport: (report) => {
      metrics.auditSkipped.inc(report.skipped);
      logger.info({ ...report }, 'audit done');
    },
    onFailure: (error, audit) => logger.warn({ err: error, audit }, 'audit not done, trying again'),
  });
  return { kafka, db, backgroundDb, deadLetterWriter, ends, clocks, erasures, intake, roller, auditor };
}

/** Starts what runs beside the reading of the topics. */
export async function startBackground({ clocks, erasures, roller, auditor }: Parts): Promise<void> {
  await erasures.start();
  clocks.start();
  roller.start();
  auditor.start();
  setInterval(() => metrics.auditAge.set(auditor.secondsSinceRound()), AUDIT_AGE_EVERY_MS).unref();
}

export async function disconnect(parts: Parts): Promise<void> {
  parts.erasures.stop();
  await Promise.all([parts.roller.stop(), parts.auditor.stop(), parts.clocks.stop()]);
  await Promise.allSettled([parts.deadLetterWriter.disconnect(), parts.ends.disconnect()]);
  await Promise.all([parts.db.close(), parts.backgroundDb.close()]);
}

/** The rows first, then which hours they change: a mark that is lost is written again with its rows. */
async function storeRows(db: ClickHouseClient, block: EventBlock<InputTopic>): Promise<void> {
  await storeBlock(db, block);
  await markChangedHours(db, block.changedHours());
}

async function keepLetters(db: ClickHouseClient, writer: TopicWriter, letters: readonly DeadLetter[]): Promise<void> {
  await writer.write(toRecords(letters));
  await storeDeadLetters(db, letters);
}
