import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { connectClickHouse } from '@ringwatch/clickhouse';
import {
  freePort,
  newClusterId,
  startClickHouse,
  startKafka,
  startService,
  temporaryFolder,
} from '@ringwatch/platform';
import { SteadyProducer } from './steady-producer';
import { StoredWatch } from './stored';
import { type Report, whenAt } from './report';

const COPIES_OF_INGEST = 2;

/** Three brokers, two copies of ingest; the broker that leads most is killed under load, and comes back. */
export async function severalBrokers(events: number, perSecond: number, say: (line: string) => void): Promise<Report> {
  const folder = temporaryFolder();
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const controllerPorts = await Promise.all([freePort(), freePort(), freePort()]);
  const clusterId = newClusterId();
  say('starting three brokers and ClickHouse');
  const brokers = await Promise.all(
    ports.map((port, at) =>
      startKafka({ folder: join(folder, `kafka-${at + 1}`), port, member: { id: at + 1, clusterId, controllerPorts } }),
    ),
  );
  const clickhouse = await startClickHouse({ folder: join(folder, 'clickhouse') });
  const addresses = brokers.flatMap((broker) => broker.brokers);
  const env = { KAFKA_BROKERS: addresses.join(), CLICKHOUSE_URL: clickhouse.url, LOG_LEVEL: 'warn' };
  const services = [];
  for (let copy = 1; copy <= COPIES_OF_INGEST; copy++) {
    const entry = join(__dirname, '..', '..', 'services', 'ingest', 'dist', 'main.js');
    const logFile = join(folder, `ingest-${copy}.log`);
    services.push(await startService({ name: `ingest ${copy}`, entry, port: await freePort(), logFile, env }));
  }
  const db = connectClickHouse({ url: clickhouse.url, database: 'ringwatch', username: 'default', password: '' });
  try {
    const producer = new SteadyProducer({ brokers: addresses, events, perSecond });
    const watch = new StoredWatch(db);
    const leader = await busiestLeader(addresses);
    say(`sending ${events} events, ${perSecond} a second; broker ${leader} leads most partitions`);
    const stored = watch.until(events);
    await Promise.all([
      producer.run(),
      whenAt(
        () => producer.acknowledged,
        events / 3,
        async () => {
          say(`kill -9 of broker ${leader} at ${producer.acknowledged} events`);
          await brokers[leader - 1]!.kill();
        },
      ),
      whenAt(
        () => producer.acknowledged,
        (2 * events) / 3,
        async () => {
          say(`broker ${leader} is started again at ${producer.acknowledged} events`);
          await brokers[leader - 1]!.start();
        },
      ),
    ]);
    await stored;
    return {
      'events acknowledged by two brokers': producer.acknowledged,
      'stored, copies once': watch.events,
      lost: producer.acknowledged - watch.events,
      'requests of the producer that failed and were sent again': producer.failed,
      'longest pause of the producer, s': producer.longestPauseMs / 1_000,
      'longest pause in which no event was stored, s': watch.longestPauseMs / 1_000,
    };
  } finally {
    await db.close();
    for (const service of services) await service.stop();
    await Promise.all([...brokers, clickhouse].map((server) => server.stop()));
  }
}

/** The broker whose loss is felt most. */
async function busiestLeader(brokers: string[]): Promise<number> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: ['bugchecks'] }).finally(() => admin.disconnect());
  const led = new Map<number, number>();
  for (const { leader, replicas } of topics[0]!.partitions) {
    if (replicas.length !== 3) throw new Error(`wanted three copies of each partition, got ${replicas.length}`);
    led.set(leader, (led.get(leader) ?? 0) + 1);
  }
  return [...led].sort(([, a], [, b]) => b - a)[0]![0];
}
