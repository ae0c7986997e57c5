import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ClickHouseServer, startClickHouse } from './clickhouse';
import { type KafkaServer, startKafka } from './kafka';
import { type SideDoor } from './kafka-settings';
import { type Progress, silent } from './progress';
import { temporaryFolder } from './temporary-folder';

/** Where the platform keeps its data and on which ports it listens. */
export interface PlatformOptions {
  /** Data and logs of both servers. Without it a temporary folder is used, and deleted by `stop()`. */
  dataDir?: string;
  /** Ports on 127.0.0.1; 0 or nothing takes a free one. */
  kafkaPort?: number;
  /** More ports of Kafka, for proxies between clients and the broker. */
  kafkaSideDoors?: readonly SideDoor[];
  clickhouseHttpPort?: number;
  clickhouseTcpPort?: number;
  onProgress?: Progress;
}

/** A running Kafka and a running ClickHouse. */
export interface Platform {
  kafkaBrokers: string[];
  clickhouseUrl: string;
  kafka: KafkaServer;
  clickhouse: ClickHouseServer;
  /** Stops both and leaves no process; close ClickHouse clients first, or it takes 5 s longer. */
  stop(): Promise<void>;
}

/** Starts both servers at once and waits until they answer. When one fails the other is stopped, and the error thrown. */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const { onProgress = silent } = options;
  const folder = options.dataDir ?? temporaryFolder();
  const leave = () => {
    if (!options.dataDir) rmSync(folder, { recursive: true, force: true });
  };
  const [kafka, clickhouse] = await Promise.allSettled([
    startKafka({
      folder: join(folder, 'kafka'),
      port: options.kafkaPort,
      sideDoors: options.kafkaSideDoors,
      onProgress,
    }),
    startClickHouse({
      folder: join(folder, 'clickhouse'),
      httpPort: options.clickhouseHttpPort,
      tcpPort: options.clickhouseTcpPort,
      onProgress,
    }),
  ]);
  if (kafka.status === 'fulfilled' && clickhouse.status === 'fulfilled') {
    return running(kafka.value, clickhouse.value, leave);
  }
  for (const server of [kafka, clickhouse]) if (server.status === 'fulfilled') await server.value.stop();
  leave();
  throw kafka.status === 'rejected' ? kafka.reason : (clickhouse as PromiseRejectedResult).reason;
}

function running(kafka: KafkaServer, clickhouse: ClickHouseServer, leave: () => void): Platform {
  return {
    kafkaBrokers: kafka.brokers,
    clickhouseUrl: clickhouse.url,
    kafka,
    clickhouse,
    stop: async () => {
      await Promise.all([kafka.stop(), clickhouse.stop()]);
      leave();
    },
  };
}
