import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@ringwatch/platform';
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers';
import { parse } from 'yaml';
import type { ClickHouseServer, KafkaServer, Platform, Server } from './platform';

const READY_WITHIN_MS = 120_000;

/** The versions that docker-compose.yml runs, so that the same are tested. */
const { services } = parse(readFileSync(join(__dirname, '..', '..', 'docker-compose.yml'), 'utf8'), {
  merge: true,
}) as { services: Record<'kafka' | 'clickhouse', { image: string }> };

/** As docker compose has them, the folder of backups among them. */
const serverSettings = join(__dirname, '..', '..', 'deploy', 'container', 'clickhouse-server.xml');

/** Kafka and ClickHouse as containers. Whatever becomes of the test, testcontainers removes them with their data. */
export async function startPlatform(): Promise<Platform> {
  const [kafka, clickhouse] = await Promise.all([startKafka(), startClickHouse()]);
  return {
    kafkaBrokers: kafka.brokers,
    clickhouseUrl: clickhouse.url,
    kafka,
    clickhouse,
    stop: async () => void (await Promise.all([kafka.stop(), clickhouse.stop()])),
  };
}

export async function startKafka(): Promise<KafkaServer> {
  // A broker tells its clients where it is: the port has to be known beforehand, and stay over a restart. The broker itself cannot
  // reach that port, and talks to itself when it checks a transaction.
  const port = await freePort();
  const started = await new GenericContainer(services.kafka.image)
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093,ITSELF://localhost:9094',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port},ITSELF://localhost:9094`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,ITSELF:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'ITSELF',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '4',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '500',
      KAFKA_BROKER_SESSION_TIMEOUT_MS: '4000',
      KAFKA_LOG_DIRS: '/var/lib/kafka/data',
      KAFKA_HEAP_OPTS: '-Xms128m -Xmx512m',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(READY_WITHIN_MS)
    .start();
  return {
    ...server(started, () => runs(started, ['bash', '-c', 'echo > /dev/tcp/localhost/9092'])),
    brokers: [`127.0.0.1:${port}`],
  };
}

export async function startClickHouse(): Promise<ClickHouseServer> {
  const port = await freePort();
  const started = await new GenericContainer(services.clickhouse.image)
    .withExposedPorts({ container: 8123, host: port })
    .withEnvironment({ CLICKHOUSE_USER: 'test', CLICKHOUSE_PASSWORD: 'test', CLICKHOUSE_DB: 'test' })
    .withCopyFilesToContainer([{ source: serverSettings, target: '/etc/clickhouse-server/config.d/ringwatch.xml' }])
    .withUlimits({ nofile: { soft: 65_536, hard: 65_536 } })
    .withWaitStrategy(Wait.forHttp('/ping', 8123))
    .withStartupTimeout(READY_WITHIN_MS)
    .start();
  const answers = async () => (await fetch(`http://127.0.0.1:${port}/ping`).catch(() => undefined))?.ok === true;
  return { ...server(started, answers), url: `http://test:test@127.0.0.1:${port}` };
}

async function runs(container: StartedTestContainer, command: string[]): Promise<boolean> {
  return (await container.exec(command)).exitCode === 0;
}

/** What testcontainers has no word for, a kill and a later start, goes to Docker itself. */
function server(started: StartedTestContainer, answers: () => Promise<boolean>): Server {
  const container = async () => (await getContainerRuntimeClient()).container.getById(started.getId());
  return {
    start: async () => {
      await (await container()).start();
      for (const end = Date.now() + READY_WITHIN_MS; !(await answers().catch(() => false)); await sleep(200))
        if (Date.now() > end)
          throw new Error(`container ${started.getName()} did not answer after it was started again`);
    },
    stop: async () => void (await started.stop()),
    kill: async () => {
      const it = await container();
      await it.kill();
      await it.wait();
    },
  };
}
