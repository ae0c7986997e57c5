import * as embedded from '@ringwatch/platform';

/** A real server that a test can stop, kill and start again, on its port and its data. */
export interface Server {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface KafkaServer extends Server {
  brokers: string[];
}

export interface ClickHouseServer extends Server {
  /** HTTP address; with user and password in it where they are not `default` and none. */
  url: string;
}

export interface Platform {
  kafkaBrokers: string[];
  clickhouseUrl: string;
  kafka: KafkaServer;
  clickhouse: ClickHouseServer;
  stop(): Promise<void>;
}

/**
 * Who provides Kafka and ClickHouse: processes of this machine, or containers (`npm run test:containers`), whose library is
 * large and is loaded only then.
 */
function provider(): Provider {
  if (process.env['RINGWATCH_TEST_SERVERS'] !== 'containers') return embedded;
  return require('./container-platform') as Provider;
}

interface Provider {
  startPlatform(): Promise<Platform>;
  startKafka(options: { folder: string }): Promise<KafkaServer>;
  startClickHouse(options: { folder: string }): Promise<ClickHouseServer>;
}

export const startPlatform = (): Promise<Platform> => provider().startPlatform();

export const startKafka = (options: { folder: string }): Promise<KafkaServer> => provider().startKafka(options);

export const startClickHouse = (options: { folder: string }): Promise<ClickHouseServer> =>
  provider().startClickHouse(options);
