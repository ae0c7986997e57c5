import { DynamicModule, INestApplication, Module } from '@nestjs/common';
import type { FleetRecord } from '@ringwatch/fleet';
import { TopicWriter, connectKafka, createTopics } from '@ringwatch/kafka';
import { createLogger, kafkaLog, startService, waitFor } from '@ringwatch/service-kit';
import type { Logger } from 'pino';
import { SimulatorConfig, readSimulatorConfig } from './config';
import { Player, type Surroundings } from './player';
import { loadScenario } from './scenario-files';

@Module({})
class SimulatorModule {
  static with(play: Play): DynamicModule {
    return { module: SimulatorModule, providers: [{ provide: Player, useValue: play }] };
  }
}

/** Plays the scenario into Kafka and ends the process with code 0 when it is over. */
export async function startSimulator(env: Record<string, string | undefined>): Promise<void> {
  const config = readSimulatorConfig(env);
  const scenario = loadScenario(config.SIMULATOR_SCENARIO);
  const logger = createLogger('simulator', config.LOG_LEVEL);
  const kafka = connectKafka({ brokers: config.KAFKA_BROKERS, clientId: 'ringwatch-simulator' }, kafkaLog(logger));
  await waitFor('Kafka', logger, () => createTopics(kafka));
  const writer = new TopicWriter(kafka);
  await writer.connect();
  const play = new Play(new Player(scenario, playSettings(config), surroundings(writer, logger)), writer);
  const app: INestApplication = await startService({
    name: 'simulator',
    http: config,
    module: () => SimulatorModule.with(play),
  });
  await play.run();
  if (!play.isStopped) {
    await app.close();
    process.exit(0);
  }
}

/** The play as Nest stops it: a signal ends it at the next slice, and only then the connection. */
class Play {
  isStopped = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly player: Player,
    private readonly writer: TopicWriter,
  ) {}

  run(): Promise<unknown> {
    return (this.running = this.player.play());
  }

  async onApplicationShutdown(signal?: string): Promise<void> {
    this.isStopped = signal !== undefined;
    this.player.stop();
    await this.running;
    await this.writer.disconnect();
  }
}

function playSettings(config: SimulatorConfig) {
  return {
    seed: config.SIMULATOR_SEED,
    speed: config.SIMULATOR_SPEED,
    fleetSize: config.SIMULATOR_FLEET_HOSTS,
    dates: config.SIMULATOR_DATES,
    run: config.SIMULATOR_RUN,
  };
}

function surroundings(writer: TopicWriter, logger: Logger): Surroundings {
  return {
    write: (records) => writer.write(records.map(toOutgoing)),
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log: logger,
  };
}

/** The record's own arrival time becomes its Kafka timestamp: that is what ingest makes `received_at` of. */
function toOutgoing({ topic, key, value, arrivesAtMs }: FleetRecord) {
  return { topic, key, value: JSON.stringify(value), timestamp: arrivesAtMs };
}
