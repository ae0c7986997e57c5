import { execFile } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PlatformError, requireDisk, requireJava } from '../process/requirements.cjs';
import { brokerAnswers } from './kafka-probe';
import {
  isFormatted,
  javaArguments,
  kafkaFiles,
  kafkaProperties,
  type Membership,
  newClusterId,
  type SideDoor,
} from './kafka-settings';
import { freePort, LOOPBACK, requirePort } from './ports';
import { type Progress, silent } from './progress';
import { type Launched, ServerProcess } from './server-process';
import { processFolder, spawnTied } from './tied-process';

const run = promisify(execFile);

/** Two to four seconds on an idle machine; a busy one with a slow disk gets its time. */
const READY_WITHIN_MS = 120_000;
/** The guard kills Java 10 s after asking it to stop. */
const STOP_WITHIN_MS = 15_000;

/** What a broker can be told; everything else stands in server.properties. */
export interface KafkaOptions {
  /** Settings, data and logs; made when missing. A folder with data goes on where it was left. */
  folder: string;
  /** On 127.0.0.1; 0 or nothing takes a free one. */
  port?: number;
  /** For proxies between clients and the broker. */
  sideDoors?: readonly SideDoor[];
  /** One of several; without it, it stands alone. The others have to be started beside it, for it waits for them. */
  member?: Membership;
  onProgress?: Progress;
}

/** A running Apache Kafka. */
export class KafkaServer extends ServerProcess {
  /** Addresses for a client's settings. */
  readonly brokers: string[];

  constructor(plan: ConstructorParameters<typeof ServerProcess>[0], port: number) {
    super(plan);
    this.brokers = [`${LOOPBACK}:${port}`];
  }
}

/**
 * Starts a Kafka node (broker and controller) in a Java process and waits until it takes requests. Throws a
 * PlatformError for whatever is missing or taken; nothing is left running then.
 */
export async function startKafka(options: KafkaOptions): Promise<KafkaServer> {
  const { folder, port = 0, onProgress = silent } = options;
  const ownPort = port || (await freePort());
  const files = kafkaFiles(folder);
  const kafka = new KafkaServer(
    {
      name: 'Kafka',
      folder,
      logFiles: [files.log, files.out],
      launch: () => launch(options, ownPort),
      answers: () => brokerAnswers(ownPort),
      readyWithinMs: READY_WITHIN_MS,
      stopWithinMs: STOP_WITHIN_MS,
      onProgress,
    },
    ownPort,
  );
  await kafka.start();
  return kafka;
}

async function launch({ folder, sideDoors = [], member }: KafkaOptions, port: number): Promise<Launched> {
  const java = requireJava();
  requireDisk(folder);
  await requirePort(port, 'Kafka', 'choose another one with --kafka-port or --free-ports');
  for (const door of sideDoors) await requirePort(door.port, "Kafka's side door", 'choose another one');
  const files = kafkaFiles(folder);
  const controllerPort = member?.controllerPorts[member.id - 1] ?? (await freePort());
  writeFileSync(files.properties, kafkaProperties({ data: files.data, port, controllerPort, sideDoors, member }));
  rmSync(files.out, { force: true });
  // One start, one log: what an earlier run said would be taken for what this one says.
  renameIfThere(files.log, join(folder, 'kafka.previous.log'));
  if (!isFormatted(files.data)) await format(java, folder, member?.clusterId ?? newClusterId());
  return spawnGuarded(java, javaArguments(folder, 'kafka.Kafka', [files.properties]), folder);
}

async function format(java: string, folder: string, clusterId: string): Promise<void> {
  const { data, properties } = kafkaFiles(folder);
  rmSync(data, { recursive: true, force: true }); // what an interrupted formatting left
  mkdirSync(data, { recursive: true });
  const args = javaArguments(folder, 'kafka.tools.StorageTool', ['format', '-t', clusterId, '-c', properties]);
  await run(java, ['-XX:TieredStopAtLevel=1', ...args]).catch((error: Error & { stderr?: string }) => {
    throw new PlatformError(
      {
        what: `Kafka's storage in ${folder} could not be formatted`,
        wanted: 'StorageTool to end with code 0',
        got: (error.stderr ?? error.message).trim().slice(-400),
        next: `Start with an empty folder (--fresh), or read ${kafkaFiles(folder).log}.`,
      },
      { cause: error },
    );
  });
}

/** Starts the guard that owns Java, and resolves when it has said which process Java is. */
async function spawnGuarded(command: string, args: string[], folder: string): Promise<Launched> {
  const { out } = kafkaFiles(folder);
  let tell: (pid: number) => void;
  const told = new Promise<number>((resolve) => (tell = resolve));
  const child = spawnTied({
    args: [join(processFolder, 'kafka-guard.mjs'), JSON.stringify({ command, args, outFile: out })],
    logFile: join(folder, 'guard.log'),
    onLine: (line) => tell(Number(/^pid (\d+)$/.exec(line)?.[1])),
  });
  return { child, pid: await Promise.race([told, child.exited.then(() => child.pid)]) };
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
