import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaJarsFolder, PlatformError } from '../process/requirements.cjs';
import { LOOPBACK } from './ports';
import { processFolder } from './tied-process';

/** The files of one broker's folder. */
export function kafkaFiles(folder: string) {
  return {
    properties: join(folder, 'server.properties'),
    data: join(folder, 'data'),
    log: join(folder, 'kafka.log'),
    out: join(folder, 'kafka.out'),
  };
}

/**
 * A port of the broker beside its own one. Whoever comes in there is told to go on at `advertisedPort`, so that a proxy
 * which listens on that one stands between a client and the broker for good. Both are ports on 127.0.0.1.
 */
export interface SideDoor {
  port: number;
  advertisedPort: number;
}

/** One of several brokers that stand together: three copies of everything, of which two have what is acknowledged. */
export interface Membership {
  /** From 1; the broker's place in `controllerPorts`. */
  id: number;
  clusterId: string;
  /** Where each member speaks with the others, on 127.0.0.1; the same for all, over restarts too. */
  controllerPorts: readonly number[];
}

/** What differs between brokers. */
export interface BrokerPlace {
  data: string;
  port: number;
  controllerPort: number;
  sideDoors?: readonly SideDoor[];
  member?: Membership | undefined;
}

/**
 * server.properties of one node that is broker and controller. What has to do with records (sizes, retention,
 * timestamps, compression) is left to the topics, which their owner creates.
 */
export function kafkaProperties({ data, port, controllerPort, sideDoors = [], member }: BrokerPlace): string {
  const voters = member?.controllerPorts ?? [controllerPort];
  const copies = voters.length;
  const copiesAcknowledged = Math.min(copies, 2);
  const doors = sideDoors.map((door, at) => ({ name: `SIDE${at}`, ...door }));
  const clients = [{ name: 'PLAINTEXT', port, advertisedPort: port }, ...doors];
  const controller = { name: 'CONTROLLER', port: controllerPort };
  const address = (name: string, at: number) => `${name}://${LOOPBACK}:${at}`;
  return Object.entries({
    'node.id': member?.id ?? 1,
    'process.roles': 'broker,controller',
    listeners: [...clients, controller].map((each) => address(each.name, each.port)).join(),
    'advertised.listeners': clients.map((each) => address(each.name, each.advertisedPort)).join(),
    'listener.security.protocol.map': [...clients, controller].map(({ name }) => `${name}:PLAINTEXT`).join(),
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': voters.map((each, at) => `${at + 1}@${LOOPBACK}:${each}`).join(),
    'log.dirs': data,
    // One broker cannot keep the three copies that Kafka's own topics have by default.
    'default.replication.factor': copies,
    'min.insync.replicas': copiesAcknowledged,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': copiesAcknowledged,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': copiesAcknowledged,
    // 50 partitions each are for large clusters; here they only cost files and time at every start.
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.num.partitions': 4,
    'auto.create.topics.enable': false,
    // The first consumer of a group need not wait 3 s for others.
    'group.initial.rebalance.delay.ms': 0,
    // After a kill -9 the controller refuses the new broker until the old one's session is over.
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 4_000,
    // 16 MiB instead of 128: a quarter of the heap would go to compacting topics that are small.
    'log.cleaner.dedupe.buffer.size': 16 * 1024 ** 2,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** The arguments of java for one of Kafka's main classes, such as kafka.Kafka. */
export function javaArguments(folder: string, mainClass: string, args: string[]): string[] {
  return [
    '-Xms128m',
    '-Xmx512m',
    '-XX:+ExitOnOutOfMemoryError',
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${join(processFolder, 'log4j2.properties')}`,
    `-Dringwatch.log=${kafkaFiles(folder).log}`,
    '-cp',
    join(requireJars(), '*'),
    mainClass,
    ...args,
  ];
}

/** A cluster id in Kafka's form: 16 bytes in base64url. One that starts with a dash would be taken for an option. */
export function newClusterId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, 'A');
}

/** Whether the storage was formatted to its end: Kafka writes this file last. */
export function isFormatted(data: string): boolean {
  const meta = join(data, 'meta.properties');
  return existsSync(meta) && /^cluster\.id=/m.test(readFileSync(meta, 'utf8'));
}

function requireJars(): string {
  const folder = kafkaJarsFolder();
  if (existsSync(join(folder, 'complete'))) return folder;
  throw new PlatformError({
    what: "Kafka's class path is missing",
    wanted: `Kafka's jars in ${folder}`,
    got: existsSync(folder) ? 'a folder that was not filled to its end' : 'no such folder',
    next: 'Run "node deploy/embedded/set-up.mjs", which fetches them.',
  });
}
