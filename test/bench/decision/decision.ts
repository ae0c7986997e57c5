import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTopics } from '@ringwatch/kafka';
import { freePort, type Service } from '@ringwatch/platform';
import { PARTITIONS, TOPIC } from '../events/fill-topic';
import { Random } from '../events/random';
import type { PaceSettings } from '../latency/paced-producer';
import { percentile } from '../latency/visibility';
import type { Options } from '../options';
import { markdownTable, thousands } from '../report/table';
import { cpuSeconds, machineCpuSeconds } from '../stand/processes';
import type { Stand } from '../stand/stand';
import { type Heard, Listeners } from './listeners';
import { Outbreak } from './outbreak';

const INCIDENT_GOAL_MS = 2_000;
const WEBHOOK_GOAL_MS = 3_000;
/** An outbreak that nobody has heard of by then is missed. */
const HEARD_WITHIN_MS = 70_000;
/** Hosts of a channel are counted by full minutes: after two all are. */
const COUNTED_AFTER_MS = 125_000;
/** Node is slow until it has seen the code run: the first outbreaks are not counted. */
const WARM_UP = 3;
/** Between one outbreak and the next; random, so that they come at any moment of a second. */
const PAUSE_MS = { least: 1_200, more: 1_000 };
/** From the installs to the crashes. */
const SHIPPED_BEFORE_MS = 2_500;
const services = ['ingest', 'detector', 'notifier'] as const;

/** Milliseconds from the acknowledgement of the last deciding event, in rising order. */
interface Latencies {
  tick: number[];
  incident: number[];
  webhook: number[];
}

/** What the part found out. */
export interface DecisionResult extends Latencies {
  rate: number;
  outbreaks: number;
  producerLateMs: number;
  /** Cores that each process used while outbreaks came, and all processes of the machine together. */
  cores: Record<string, number>;
  problems: string[];
}

/** Lets small outbreaks come one after another while other hosts crash as ever, and hears when each is known. */
export async function benchDecision(
  stand: Stand,
  options: Options,
  say: (line: string) => void,
): Promise<DecisionResult> {
  const { background, outbreaks: count } = options;
  await createTopics(stand.kafka);
  const listeners = new Listeners(stand.kafka);
  const url = await listeners.start();
  const running = await startServices(stand, { url, secret: listeners.receiver.secret });
  const producer = stand.kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const outbreaks = Array.from({ length: count + WARM_UP }, (_, number) => new Outbreak(number));
  say(`${thousands(outbreaks.length)} channels, each with hosts of its own`);
  for (const outbreak of outbreaks) await outbreak.introduce(producer);
  const pauses = new Random(1);
  const seconds = Math.ceil(COUNTED_AFTER_MS / 1_000 + (outbreaks.length * (PAUSE_MS.least + PAUSE_MS.more)) / 1_000);
  const others = produceOthers(stand, background, seconds);
  others.done.catch(() => undefined);
  say(`${thousands(background)} other bugchecks a second; waiting until the hosts are counted`);
  await sleep(COUNTED_AFTER_MS);
  say('outbreaks begin');
  const used = usage(stand, running);
  const crashedAt = new Map<string, number>();
  const coming: Array<Promise<void>> = [];
  for (const outbreak of outbreaks) {
    coming.push(
      (async () => {
        await outbreak.ship(producer);
        await sleep(SHIPPED_BEFORE_MS);
        crashedAt.set(outbreak.channel, await outbreak.crash(producer));
      })(),
    );
    await sleep(PAUSE_MS.least + pauses.below(PAUSE_MS.more));
  }
  await Promise.all(coming);
  const cores = used();
  await untilHeard(listeners.heard, outbreaks);
  await others.stop();
  await producer.disconnect();
  for (const { service } of running) await stand.stopService(service);
  await listeners.stop();
  return {
    rate: background,
    outbreaks: count,
    producerLateMs: others.late(),
    cores,
    ...judged(listeners, outbreaks, crashedAt),
  };
}

async function startServices(
  stand: Stand,
  { url, secret }: { url: string; secret: string },
): Promise<Array<{ name: string; service: Service }>> {
  const running: Array<{ name: string; service: Service }> = [];
  for (const name of services) {
    const service = await stand.runService({
      name,
      entry: join(__dirname, '..', '..', '..', 'services', name, 'dist', 'main.js'),
      port: await freePort(),
      env: {
        KAFKA_BROKERS: stand.platform.kafkaBrokers.join(),
        CLICKHOUSE_URL: stand.platform.clickhouseUrl,
        CLICKHOUSE_DATABASE: 'decision',
        LOG_LEVEL: 'warn',
        ...(name === 'notifier'
          ? {
              NOTIFIER_WEBHOOK_URL: url,
              NOTIFIER_WEBHOOK_SECRET: secret,
              NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1',
            }
          : {}),
      },
    });
    running.push({ name, service });
  }
  return running;
}

function produceOthers(stand: Stand, rate: number, seconds: number) {
  let late = 0;
  const hear = (line: string) => {
    const [word, value] = line.split(' ');
    if (word === 'late') late = Math.max(late, Number(value));
  };
  const brokers = stand.platform.kafkaBrokers;
  const settings: PaceSettings = { brokers, topic: TOPIC, partitions: PARTITIONS, rate, seconds };
  const file = join(__dirname, '..', 'latency', 'paced-producer.ts');
  const starting = stand.runFile({ name: 'producer', file, settings }, hear);
  return {
    late: () => late,
    done: starting,
    stop: async () => stand.stopService(await starting),
  };
}

/** The cores that processes used since this was called. */
function usage(stand: Stand, running: ReadonlyArray<{ name: string; service: Service }>): () => Record<string, number> {
  const { kafka, clickhouse } = stand.pids();
  const processes = new Map([
    ...running.map(({ name, service }) => [name, service.pid!] as const),
    ['Kafka', kafka],
    ['ClickHouse', clickhouse],
    ['bench', process.pid],
  ]);
  const read = () =>
    new Map([...[...processes].map(([name, pid]) => [name, cpuSeconds(pid)] as const), ['all', machineCpuSeconds()]]);
  const before = read();
  const startedAt = performance.now();
  return () => {
    const wallSeconds = (performance.now() - startedAt) / 1_000;
    return Object.fromEntries([...read()].map(([name, cpu]) => [name, (cpu - before.get(name)!) / wallSeconds]));
  };
}

async function untilHeard({ byWebhook }: Heard, outbreaks: readonly Outbreak[]): Promise<void> {
  for (const giveUpAt = Date.now() + HEARD_WITHIN_MS; Date.now() < giveUpAt; await sleep(50))
    if (outbreaks.every(({ channel }) => byWebhook.has(channel))) return;
}

function judged(
  { heard: { inTopic, byWebhook }, receiver }: Listeners,
  outbreaks: readonly Outbreak[],
  crashedAt: ReadonlyMap<string, number>,
): Latencies & { problems: string[] } {
  const counted = outbreaks.slice(WARM_UP).map(({ channel }) => channel);
  const after = (at: (channel: string) => number | undefined) =>
    counted
      .flatMap((channel) => (at(channel) === undefined ? [] : [at(channel)! - crashedAt.get(channel)!]))
      .sort((one, other) => one - other);
  const found = {
    tick: after((channel) => inTopic.get(channel)?.tick),
    incident: after((channel) => inTopic.get(channel)?.at),
    webhook: after((channel) => byWebhook.get(channel)),
  };
  const wrong = [...inTopic.keys()].filter((channel) => !outbreaks.some((each) => each.channel === channel));
  const over = (name: 'incident' | 'webhook', goal: number) =>
    percentile(found[name], 0.99) > goal ? [`${name}: p99 is over ${thousands(goal)} ms`] : [];
  return {
    ...found,
    problems: [
      ...(found.incident.length < counted.length ? [`${counted.length - found.incident.length} were not found`] : []),
      ...(found.webhook.length < found.incident.length ? ['a webhook was not received'] : []),
      ...(wrong.length > 0 ? [`incidents on what is innocent: ${wrong.join(', ')}`] : []),
      ...(receiver.refused.length > 0 ? [`${receiver.refused.length} requests were not signed as they should`] : []),
      ...over('incident', INCIDENT_GOAL_MS),
      ...over('webhook', WEBHOOK_GOAL_MS),
    ],
  };
}

/** The result as Markdown. */
export function reportDecision(result: DecisionResult): string {
  const { rate, outbreaks, producerLateMs, cores, problems } = result;
  const row = (name: string, sorted: readonly number[]) => [
    name,
    ...[0.5, 0.9, 0.99, 1].map((share) => thousands(percentile(sorted, share))),
  ];
  const used = Object.entries(cores).map(([name, each]) => `${name} ${each.toFixed(2)}`);
  return [
    `${outbreaks} outbreaks, one after another, beside ${thousands(rate)} other bugchecks a second; from the acknowledgement of the last deciding event.`,
    markdownTable(
      ['until', 'p50 ms', 'p90 ms', 'p99 ms', 'most ms'],
      [
        row('the tick that decides', result.tick),
        row('the incident is in the topic', result.incident),
        row('the webhook is received', result.webhook),
      ],
    ),
    `Cores: ${used.join(', ')}. The producer was at most ${producerLateMs.toFixed(0)} ms behind its pace.`,
    ...problems.map((problem) => `**Wrong: ${problem}**`),
  ].join('\n\n');
}
