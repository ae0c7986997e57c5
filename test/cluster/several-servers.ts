import { join } from 'node:path';
import { connectClickHouse, migrateByHand } from '@ringwatch/clickhouse';
import {
  type ClickHouseServer,
  freePort,
  startClickHouse,
  startKafka,
  startService,
  temporaryFolder,
} from '@ringwatch/platform';
import { SteadyProducer } from './steady-producer';
import { storedEvents, StoredWatch } from './stored';
import { type Report, whenAt } from './report';

const CLUSTER = 'ringwatch';
const names = ['1a', '1b', '2a', '2b'] as const;
const services = join(__dirname, '..', '..', 'services');
const suspect = 'C-00000291-00000000-00000032';

/** Two shards of two replicas; one that holds the first copy of its shard is killed under load, and comes back; then another. */
export async function severalServers(events: number, perSecond: number, say: (line: string) => void): Promise<Report> {
  const folder = temporaryFolder();
  say('starting four ClickHouse servers and Kafka');
  const servers = await startServers(folder);
  const kafka = await startKafka({ folder: join(folder, 'kafka') });
  const settingsOf = ({ url }: ClickHouseServer) => ({ url, database: CLUSTER, username: 'default', password: '' });
  await migrateByHand(servers.map(settingsOf), CLUSTER);
  const env = {
    KAFKA_BROKERS: kafka.brokers.join(),
    CLICKHOUSE_URL: servers[0]!.url,
    CLICKHOUSE_CLUSTER: CLUSTER,
    LOG_LEVEL: 'warn',
  };
  const running = [];
  const apiPort = await freePort();
  for (const name of ['ingest', 'detector', 'api']) {
    const port = name === 'api' ? apiPort : await freePort();
    const logFile = join(folder, `${name}.log`);
    running.push(await startService({ name, entry: join(services, name, 'dist', 'main.js'), port, logFile, env }));
  }
  const wanted = new Wanted(servers);
  const db = connectClickHouse({ ...settingsOf(servers[0]!), cluster: CLUSTER });
  const locals = servers.map((server) => connectClickHouse({ ...settingsOf(server), database: `${CLUSTER}_local` }));
  try {
    say('July 2024 is played at full speed');
    const incidents = await play(folder, env, apiPort);
    const producer = new SteadyProducer({ brokers: kafka.brokers, events, perSecond });
    const watch = new StoredWatch(db);
    say(`sending ${events} events, ${perSecond} a second`);
    const stored = watch.until(events);
    await Promise.all([
      producer.run(),
      whenAt(
        () => producer.acknowledged,
        events / 3,
        async () => {
          say(`kill -9 of server 2a at ${producer.acknowledged} events`);
          await wanted.kill(2);
        },
      ),
      whenAt(
        () => producer.acknowledged,
        (2 * events) / 3,
        async () => {
          say(`server 2a is started again at ${producer.acknowledged} events`);
          await wanted.start(2);
        },
      ),
    ]);
    await stored;
    const rows = await Promise.all(locals.map((local) => storedEvents(local)));
    say(`rows on ${names.map((name, at) => `${name}: ${rows[at]}`).join(', ')}`);
    const before = await crashesOf(apiPort);
    await wanted.kill(1);
    say('kill -9 of server 1b, which stays away; the api is asked again');
    const after = await crashesOf(apiPort);
    return {
      'events acknowledged': producer.acknowledged,
      'stored, over all shards': watch.events,
      lost: producer.acknowledged - watch.events,
      'differs between replicas of shard 1, rows': Math.abs(rows[0]! - rows[1]!),
      'differs between replicas of shard 2, rows': Math.abs(rows[2]! - rows[3]!),
      'rows of the smaller shard': Math.min(rows[0]!, rows[2]!),
      'longest pause in which no event was stored, s': watch.longestPauseMs / 1_000,
      'servers that ended unasked and were started again': wanted.startedAgain,
      'crashes that the api tells of': before,
      'differs when a replica is away, crashes': Math.abs(after - before),
      'differs from one incident for the update of July 2024': Math.abs(incidents - 1),
    };
  } finally {
    wanted.stop();
    for (const client of [db, ...locals]) await client.close();
    for (const service of running) await service.stop();
    await Promise.all([...servers, kafka].map((server) => server.stop()));
  }
}

/**
 * Which servers are to run. The embedded ClickHouse can end when another server hangs up on it in the middle of an insert
 * (an exception that nobody catches there); whoever runs a server starts it again, and so does this.
 */
class Wanted {
  startedAgain = 0;
  private readonly away = new Set<number>();
  private readonly watching = setInterval(() => this.look(), 500);

  constructor(private readonly servers: readonly ClickHouseServer[]) {}

  async kill(at: number): Promise<void> {
    this.away.add(at);
    await this.servers[at]!.kill();
  }

  async start(at: number): Promise<void> {
    await this.servers[at]!.start();
    this.away.delete(at);
  }

  stop(): void {
    clearInterval(this.watching);
  }

  private look(): void {
    for (const [at, server] of this.servers.entries()) {
      if (this.away.has(at) || server.pid !== undefined) continue;
      this.startedAgain++;
      this.away.add(at);
      // One that ends at its start is tried again at the next look.
      void this.start(at).catch(() => this.away.delete(at));
    }
  }
}

async function startServers(folder: string): Promise<ClickHouseServer[]> {
  const ports = await Promise.all(names.map(() => freePort()));
  const replica = (at: number) => `<replica><host>127.0.0.1</host><port>${ports[at]}</port></replica>`;
  const shard = (...replicas: number[]) =>
    `<shard><internal_replication>false</internal_replication>${replicas.map(replica).join('')}</shard>`;
  const config = `<remote_servers><${CLUSTER}>${shard(0, 1)}${shard(2, 3)}</${CLUSTER}></remote_servers>`;
  return Promise.all(
    names.map((name, at) =>
      startClickHouse({ folder: join(folder, `clickhouse-${name}`), tcpPort: ports[at], config }),
    ),
  );
}

/** What the api says of crashes. The first question after a server is gone may be cut off: the api says "try again". */
async function crashesOf(apiPort: number, attempts = 5): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${apiPort}/api/v1/aggregates?update_channel=steady`);
  if (answer.status === 503 && attempts > 1) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return crashesOf(apiPort, attempts - 1);
  }
  if (!answer.ok) throw new Error(`the api answered ${answer.status}: ${await answer.text()}`);
  const { rows } = (await answer.json()) as { rows: Array<{ crashes: number }> };
  return rows.reduce((sum, { crashes }) => sum + crashes, 0);
}

/** How many incidents July 2024 leads to that suspect its update. */
async function play(folder: string, env: Record<string, string>, apiPort: number): Promise<number> {
  const simulator = await startService({
    name: 'simulator',
    entry: join(services, 'simulator', 'dist', 'main.js'),
    port: await freePort(),
    logFile: join(folder, 'simulator.log'),
    env: { ...env, SIMULATOR_SPEED: 'max' },
  });
  await simulator.exited;
  for (const end = Date.now() + 240_000; ; await new Promise((resolve) => setTimeout(resolve, 1_000))) {
    const answer = await fetch(`http://127.0.0.1:${apiPort}/api/v1/incidents`);
    const { incidents = [] } = (await answer.json()) as {
      incidents?: Array<{ suspect: { update_version: string } | null }>;
    };
    const found = incidents.filter((each) => each.suspect?.update_version === suspect).length;
    if (found > 0 || Date.now() > end) return found;
  }
}
