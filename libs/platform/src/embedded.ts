import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workFolder } from '../process/requirements.cjs';
import { takeFolder } from './folder-lock';
import { keepRunning } from './keep-running';
import { type Platform, startPlatform } from './platform';
import { freePort, LOOPBACK, requirePort } from './ports';
import { type Progress } from './progress';
import { type Service, startService } from './service';
import { describeExit } from './tied-process';

/** Everything of the embedded Ringwatch that listens on a port. */
export const embeddedParts = ['kafka', 'clickhouse', 'api', 'ingest', 'detector', 'notifier', 'simulator'] as const;
export type EmbeddedPart = (typeof embeddedParts)[number];

/** What `npm start` can be told. */
export interface EmbeddedOptions {
  /** Kept from run to run. */
  dataDir: string;
  /** Delete the data of earlier runs first. */
  fresh?: boolean;
  /** On 127.0.0.1; 0 takes a free one. */
  ports: Record<EmbeddedPart, number>;
  /** What the simulator plays; without it no simulator is started. */
  scenario?: { name: string; speed: number | 'max' };
  /** Settings for single services, beside the addresses that each gets. */
  env?: Partial<Record<EmbeddedPart, Record<string, string>>>;
  onProgress: Progress;
}

/** Kafka, ClickHouse and our services on this machine: what `npm start` runs. */
export class Embedded {
  private readonly services: Service[] = [];
  private readonly released: Array<() => void> = [];
  private platform: Platform | undefined;
  private starting: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();
  private ports: Record<EmbeddedPart, number>;

  constructor(private readonly options: EmbeddedOptions) {
    this.ports = { ...options.ports };
  }

  /** Where a part listens, as host:port. Known once `start()` has begun. */
  address(part: EmbeddedPart): string {
    return `${LOOPBACK}:${this.ports[part]}`;
  }

  /** Starts all and waits until all is ready. On failure everything is stopped again and the error thrown. */
  async start(): Promise<void> {
    this.starting = this.startAll();
    await this.starting.catch(async (error: unknown) => {
      if (!this.stopping.signal.aborted) await this.stopAll();
      throw error;
    });
  }

  /** Stops in order: what produces, what consumes, Kafka, ClickHouse (its clients before it). Also while it starts. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.starting.catch(() => undefined);
    await this.stopAll();
  }

  /** Sends SIGKILL to everything that runs and waits for nothing: for a person who does not want to wait. */
  kill(): void {
    for (const server of [...this.services, this.platform?.kafka, this.platform?.clickhouse]) void server?.kill();
  }

  private async startAll(): Promise<void> {
    const { dataDir, fresh, ports, scenario, onProgress } = this.options;
    this.ports = await this.takePorts(ports);
    if (fresh) await deleteData(dataDir, onProgress);
    onProgress('starting Kafka and ClickHouse');
    this.platform = await startPlatform({
      dataDir,
      kafkaPort: this.ports.kafka,
      clickhouseHttpPort: this.ports.clickhouse,
      onProgress,
    });
    const { kafka, clickhouse } = this.platform;
    this.released.push(...[kafka, clickhouse].map((server) => keepRunning(server, onProgress)));
    // ingest makes the tables and topics that the others read
    await this.startServices(['ingest']);
    await this.startServices(['detector', 'notifier', 'api']);
    if (scenario) await this.startServices(['simulator']);
  }

  private async startServices(names: EmbeddedPart[]): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const started = await Promise.allSettled(names.map((name) => this.startOne(name)));
    for (const result of started) if (result.status === 'fulfilled') this.services.push(result.value);
    for (const result of started) if (result.status === 'rejected') throw result.reason;
  }

  private async startOne(name: EmbeddedPart): Promise<Service> {
    const { onProgress, env } = this.options;
    const service = await startService({
      name,
      entry: join(dirname(workFolder), 'services', name, 'dist', 'main.js'),
      port: this.ports[name],
      logFile: join(workFolder, 'logs', `${name}.log`),
      // Played once: a second play from the middle would be another story.
      restartOnCrash: name !== 'simulator',
      env: { ...this.addresses(), ...this.settingsOf(name), ...env?.[name] },
      signal: this.stopping.signal,
      onProgress,
    });
    void service.exited.then((exit) => {
      if (!this.stopping.signal.aborted) onProgress(`${name} ${describeExit(exit)}`);
    });
    return service;
  }

  private addresses(): Record<string, string> {
    return {
      KAFKA_BROKERS: this.platform?.kafkaBrokers.join(',') ?? '',
      CLICKHOUSE_URL: this.platform?.clickhouseUrl ?? '',
      CLICKHOUSE_DATABASE: 'ringwatch',
    };
  }

  private settingsOf(name: EmbeddedPart): Record<string, string> {
    const { scenario } = this.options;
    // messages link to the page of the incident
    if (name === 'notifier') return { NOTIFIER_DASHBOARD_URL: `http://${this.address('api')}` };
    if (name !== 'simulator' || !scenario) return {};
    return { SIMULATOR_SCENARIO: scenario.name, SIMULATOR_SPEED: String(scenario.speed) };
  }

  /** All at once and before anything starts: a port that is taken is better said now than in half a minute. */
  private async takePorts(wanted: Record<EmbeddedPart, number>): Promise<Record<EmbeddedPart, number>> {
    const ports = { ...wanted };
    for (const part of embeddedParts) {
      if (ports[part] === 0) ports[part] = await freePort();
      else await requirePort(ports[part], part, `choose another one (--${part}-port N, or --free-ports)`);
    }
    return ports;
  }

  private async stopAll(): Promise<void> {
    const { onProgress } = this.options;
    this.stopping.abort();
    for (const release of this.released) release();
    const [producers, consumers] = [this.named('simulator', true), this.named('simulator', false)];
    for (const services of [producers, consumers]) await Promise.all(services.map((service) => service.stop()));
    if (this.services.length > 0) onProgress('services stopped');
    await this.platform?.kafka.stop();
    await this.platform?.clickhouse.stop();
    if (this.platform) onProgress('Kafka and ClickHouse stopped');
    this.platform = undefined;
    this.services.length = 0;
  }

  private named(name: EmbeddedPart, equal: boolean): Service[] {
    return this.services.filter((service) => (service.name === name) === equal);
  }
}

/** Only what the platform itself put there, and only when nobody uses it: a mistyped folder must not cost more. */
async function deleteData(dataDir: string, onProgress: Progress): Promise<void> {
  for (const folder of [join(dataDir, 'kafka'), join(dataDir, 'clickhouse')]) {
    await takeFolder(folder, 'A fresh start', onProgress);
    rmSync(folder, { recursive: true, force: true });
  }
}
