import { join } from 'node:path';
import { type ClickHouseClient, connectClickHouse, migrate } from '@ringwatch/clickhouse';
import { type Platform, type Service, type ServiceOptions, startPlatform, startService } from '@ringwatch/platform';
import { Kafka, logLevel } from 'kafkajs';

const loader = join(__dirname, '..', 'load-typescript.cjs');

/** A Kafka and a ClickHouse for one part of the bench, and the processes that work with them. */
export class Stand {
  readonly kafka: Kafka;
  private readonly services = new Set<Service>();
  private readonly clients = new Set<ClickHouseClient>();

  private constructor(
    readonly platform: Platform,
    readonly logFolder: string,
  ) {
    this.kafka = new Kafka({ brokers: platform.kafkaBrokers, clientId: 'bench', logLevel: logLevel.NOTHING });
  }

  static async start(logFolder: string, say: (line: string) => void): Promise<Stand> {
    return new Stand(await startPlatform({ onProgress: say }), logFolder);
  }

  /** The servers' processes. */
  pids(): { kafka: number; clickhouse: number } {
    const { kafka, clickhouse } = this.platform;
    if (!kafka.pid || !clickhouse.pid) throw new Error('a server has ended');
    return { kafka: kafka.pid, clickhouse: clickhouse.pid };
  }

  /** A client for a database; `migrated` makes it, with Ringwatch's schema. */
  async database(name: string, { migrated = false } = {}): Promise<ClickHouseClient> {
    const settings = { url: this.platform.clickhouseUrl, database: name, username: 'default', password: '' };
    if (migrated) await migrate(settings);
    const client = connectClickHouse(settings, { timeoutMs: 600_000 });
    this.clients.add(client);
    return client;
  }

  async close(client: ClickHouseClient): Promise<void> {
    this.clients.delete(client);
    await client.close();
  }

  /** Runs a TypeScript file of the bench as a process of its own, told `settings`. */
  runFile(name: string, file: string, settings: object, onLine: (line: string) => void): Promise<Service> {
    return this.runService({ name, entry: loader, args: [file, JSON.stringify(settings)], onLine });
  }

  /** Starts a process that ends with us. */
  async runService(options: Omit<ServiceOptions, 'logFile'>): Promise<Service> {
    const service = await startService({ ...options, logFile: join(this.logFolder, `${options.name}.log`) });
    this.services.add(service);
    return service;
  }

  async stopService(service: Service): Promise<void> {
    await service.stop();
    this.services.delete(service);
  }

  /** Stops everything and deletes its data. */
  async stop(): Promise<void> {
    await Promise.all([...this.services].map((service) => service.stop()));
    await Promise.all([...this.clients].map((client) => client.close()));
    await this.platform.stop();
  }

  /** Ends everything at once, and deletes its data. */
  async kill(): Promise<void> {
    await Promise.all([...this.services].map((service) => service.kill()));
    await Promise.all([this.platform.kafka.kill(), this.platform.clickhouse.kill()]);
    await this.platform.stop();
  }
}
