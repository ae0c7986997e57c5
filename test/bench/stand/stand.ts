import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ClickHouseClient, connectClickHouse, migrate } from '@ringwatch/clickhouse';
import { type Platform, type Service, type ServiceOptions, startPlatform, startService } from '@ringwatch/platform';
import { Kafka, logLevel } from 'kafkajs';

const loader = join(__dirname, '..', 'load-typescript.cjs');

/**
 * The embedded ClickHouse comes with two threads for engines that read from brokers, so that of four consumers two would
 * wait for a minute. A server that is installed in the usual way has 16.
 */
const peersConfig = `<clickhouse>
    <background_message_broker_schedule_pool_size>16</background_message_broker_schedule_pool_size>
</clickhouse>
`;

/** A TypeScript file of the bench that runs as a process of its own. */
export interface Program {
  name: string;
  file: string;
  /** Goes to the process as JSON, its only argument. */
  settings: object;
  nodeOptions?: string;
}

/** A Kafka and a ClickHouse for one part of the bench, and the processes that work with them. */
export class Stand {
  readonly kafka: Kafka;
  private readonly services = new Set<Service>();
  private readonly clients = new Set<ClickHouseClient>();

  private constructor(
    readonly platform: Platform,
    private readonly dataFolder: string,
    readonly logFolder: string,
  ) {
    this.kafka = new Kafka({ brokers: platform.kafkaBrokers, clientId: 'bench', logLevel: logLevel.NOTHING });
  }

  /** Starts both servers on free ports, with data of their own; `logFolder` gets the logs of the other processes. */
  static async start(logFolder: string, say: (line: string) => void): Promise<Stand> {
    // The platform deletes folders of this form when their process is gone.
    const parent = join(dirname(dirname(logFolder)), 'tmp');
    mkdirSync(parent, { recursive: true });
    const dataDir = mkdtempSync(join(parent, `${process.pid}-bench-`));
    const configFolder = join(dataDir, 'clickhouse', 'config.d');
    mkdirSync(configFolder, { recursive: true });
    writeFileSync(join(configFolder, 'peers.xml'), peersConfig);
    return new Stand(await startPlatform({ dataDir, onProgress: say }), dataDir, logFolder);
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
  runFile(program: Program, onLine: (line: string) => void = () => undefined): Promise<Service> {
    const { name, file, settings, nodeOptions = '' } = program;
    return this.runService({
      name,
      entry: loader,
      args: [file, JSON.stringify(settings)],
      env: { NODE_OPTIONS: nodeOptions, KAFKAJS_NO_PARTITIONER_WARNING: '1' },
      onLine,
    });
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
    rmSync(this.dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Ends everything at once, and deletes its data. */
  async kill(): Promise<void> {
    await Promise.all([...this.services].map((service) => service.kill()));
    await Promise.all([this.platform.kafka.kill(), this.platform.clickhouse.kill()]);
    rmSync(this.dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}
