import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireDisk } from '../process/requirements.cjs';
import { clickHouseConfig, clickHouseLibrary, clickHouseUsers } from './clickhouse-settings';
import { saysOk } from './http-probe';
import { freePort, LOOPBACK, requirePort } from './ports';
import { type Progress, silent } from './progress';
import { type Launched, ServerProcess } from './server-process';
import { processFolder, spawnTied } from './tied-process';

/** Under half a second on an idle machine; with much data on a busy one it takes longer. */
const READY_WITHIN_MS = 60_000;
/** The child itself gives up waiting for running queries after 15 s. */
const STOP_WITHIN_MS = 20_000;

/** What a server can be told; everything else stands in config.xml. */
export interface ClickHouseOptions {
  /** Settings, data and logs; made when missing. A folder with data goes on where it was left. */
  folder: string;
  /** On 127.0.0.1; 0 or nothing takes a free one. */
  httpPort?: number;
  /** ClickHouse's native protocol, on 127.0.0.1; 0 or nothing takes a free one. */
  tcpPort?: number;
  /** Further elements of config.xml, such as `<remote_servers>`. */
  config?: string;
  onProgress?: Progress;
}

/** A running ClickHouse. Its databases are made by SQL: `default` is not one to keep tables in. */
export class ClickHouseServer extends ServerProcess {
  /** HTTP address for a client's settings; user `default`, no password. */
  readonly url: string;

  constructor(
    plan: ConstructorParameters<typeof ServerProcess>[0],
    httpPort: number,
    /** Port of the native protocol. */
    readonly tcpPort: number,
  ) {
    super(plan);
    this.url = `http://${LOOPBACK}:${httpPort}`;
  }
}

/**
 * Starts a ClickHouse server in a child process and waits until it answers. Throws a PlatformError for whatever is missing
 * or taken; nothing is left running then. Close clients before `stop()`: it waits 5 s for a connection that is kept alive.
 */
export async function startClickHouse(options: ClickHouseOptions): Promise<ClickHouseServer> {
  const { folder, onProgress = silent } = options;
  const httpPort = options.httpPort || (await freePort());
  const tcpPort = options.tcpPort || (await freePort());
  const logFiles = [join(folder, 'clickhouse.out'), join(folder, 'clickhouse.log')];
  const server = new ClickHouseServer(
    {
      name: 'ClickHouse',
      folder,
      logFiles,
      launch: () => launch({ ...options, httpPort, tcpPort }),
      answers: () => saysOk(httpPort, '/ping'),
      readyWithinMs: READY_WITHIN_MS,
      stopWithinMs: STOP_WITHIN_MS,
      onProgress,
    },
    httpPort,
    tcpPort,
  );
  await server.start();
  return server;
}

async function launch({
  folder,
  httpPort,
  tcpPort,
  config: more,
}: Required<Pick<ClickHouseOptions, 'httpPort' | 'tcpPort'>> & ClickHouseOptions): Promise<Launched> {
  const library = clickHouseLibrary();
  requireDisk(folder);
  await requirePort(httpPort, "ClickHouse's HTTP", 'choose another one with --clickhouse-port or --free-ports');
  await requirePort(tcpPort, "ClickHouse's native protocol", 'let a free one be taken');
  const data = join(folder, 'data');
  const config = join(folder, 'config.xml');
  const users = join(folder, 'users.xml');
  mkdirSync(data, { recursive: true });
  writeFileSync(users, clickHouseUsers);
  writeFileSync(config, clickHouseConfig(data, { usersFile: users, logFile: join(folder, 'clickhouse.log'), more }));
  const logFile = join(folder, 'clickhouse.out');
  rmSync(logFile, { force: true });
  const told = JSON.stringify({ library, folder: data, config, httpPort, tcpPort });
  const child = spawnTied({ args: [join(processFolder, 'clickhouse-server.mjs'), told], logFile });
  return { child, pid: child.pid };
}
