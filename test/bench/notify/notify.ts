import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { incidentChangeSchema, type IncidentChange } from '@ringwatch/incident';
import { connectKafka, createTopics, TopicWriter } from '@ringwatch/kafka';
import { freePort } from '@ringwatch/platform';
import { percentile } from '../latency/visibility';
import type { Options } from '../options';
import { markdownTable, thousands } from '../report/table';
import { type Costs, Meter } from '../stand/meter';
import type { Stand } from '../stand/stand';
import { Arrivals } from './arrivals';

const root = join(__dirname, '..', '..', '..');
/** Changes a second: more than a bad day of many vendors has. */
const RATE = 8;
const WARM_UP_SECONDS = 5;
const CHANGES_OF_AN_INCIDENT = 3;
const GOAL_P99_MS = 500;
const TOLD_WITHIN_MS = 30_000;

/** What the part found out. Times are milliseconds from Kafka's acknowledgement of the change to the request at a receiver. */
export interface NotifyResult {
  receivers: number;
  changes: number;
  deliveries: number;
  p50: number;
  p90: number;
  p99: number;
  most: number;
  costs: Costs;
  problems: string[];
}

/** A change that was put on the topic, and when Kafka had it. */
interface Produced {
  change: IncidentChange;
  at: number;
}

/** Puts changes on the topic at a steady pace, and looks when each of many receivers hears of each. */
export async function benchNotify(stand: Stand, options: Options, say: (line: string) => void): Promise<NotifyResult> {
  const arrivals = new Arrivals();
  const address = await arrivals.listen();
  const kafka = connectKafka({ brokers: stand.platform.kafkaBrokers, clientId: 'bench' });
  await createTopics(kafka);
  const writer = new TopicWriter(kafka);
  await writer.connect();
  const names = Array.from({ length: options.receivers }, (_, i) => `receiver-${i + 1}`);
  const notifier = await startNotifier(stand, address, names);
  say(`warming up for ${WARM_UP_SECONDS} s`);
  const warmUp = await produce(writer, 'warm', WARM_UP_SECONDS * RATE);
  await untilTold(arrivals, warmUp.length * names.length);
  say(`sending ${RATE} changes a second for ${options.seconds} s to ${names.length} receivers`);
  const meter = new Meter({ ...stand.pids(), peer: notifier.pid! });
  const cpuBefore = meter.read().cpuSeconds.peer;
  const produced = await produce(writer, 'counted', options.seconds * RATE);
  const wanted = (warmUp.length + produced.length) * names.length;
  await untilTold(arrivals, wanted);
  const costs = meter.read();
  costs.cpuSeconds.peer -= cpuBefore;
  await stand.stopService(notifier);
  await writer.disconnect();
  await arrivals.close();
  const taken = names.flatMap((name) => produced.flatMap((each) => latencyOf(each, `/${name}`, arrivals)));
  const sorted = taken.sort((one, other) => one - other);
  const p99 = percentile(sorted, 0.99);
  return {
    receivers: names.length,
    changes: produced.length,
    deliveries: sorted.length,
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p99,
    most: percentile(sorted, 1),
    costs,
    problems: [
      ...(arrivals.count < wanted ? [`${wanted - arrivals.count} deliveries were not seen within 30 s`] : []),
      ...(p99 > GOAL_P99_MS ? [`p99 ${p99.toFixed(0)} ms, wanted under ${GOAL_P99_MS}`] : []),
    ],
  };
}

function startNotifier(stand: Stand, address: string, names: readonly string[]) {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const receivers = names.map((name) => ({ name, kind: 'webhook', url: `${address}/${name}`, secrets: [secret] }));
  return freePort().then((port) =>
    stand.runService({
      name: 'notifier',
      entry: join(root, 'services', 'notifier', 'dist', 'main.js'),
      port,
      env: {
        KAFKA_BROKERS: stand.platform.kafkaBrokers.join(','),
        CLICKHOUSE_URL: stand.platform.clickhouseUrl,
        CLICKHOUSE_DATABASE: 'notify',
        LOG_LEVEL: 'warn',
        NOTIFIER_CONFIG: JSON.stringify({ receivers }),
        NOTIFIER_ALLOW_PRIVATE_TARGETS: '127.0.0.1',
      },
    }),
  );
}

/** Incidents with a few changes each, mixed, one change after the other. */
async function produce(writer: TopicWriter, name: string, changes: number): Promise<Produced[]> {
  const path = join(root, 'libs', 'webhook', 'cases', 'opened.json');
  const given = incidentChangeSchema.parse((JSON.parse(readFileSync(path, 'utf8')) as { given: unknown }).given);
  const incidents = Math.ceil(changes / CHANGES_OF_AN_INCIDENT);
  const produced: Produced[] = [];
  const startedAt = performance.now();
  for (let i = 0; i < changes; i++) {
    await sleep(Math.max(0, startedAt + (i / RATE) * 1000 - performance.now()));
    const sequence = 1 + Math.floor(i / incidents);
    const kind = sequence === 1 ? 'opened' : 'updated';
    const change = { ...given, incident_id: `${name}-${i % incidents}`, sequence, change: kind } as IncidentChange;
    await writer.write([{ topic: 'incidents', key: change.incident_id, value: JSON.stringify(change) }]);
    produced.push({ change, at: performance.timeOrigin + performance.now() });
  }
  return produced;
}

async function untilTold(arrivals: Arrivals, wanted: number): Promise<void> {
  for (const end = Date.now() + TOLD_WITHIN_MS; arrivals.count < wanted && Date.now() < end;) await sleep(20);
}

function latencyOf({ change, at }: Produced, path: string, arrivals: Arrivals): number[] {
  const seenAt = arrivals.at(path, change.incident_id, change.sequence);
  return seenAt === undefined ? [] : [Math.max(0, seenAt - at)];
}

export function reportNotify(result: NotifyResult): string {
  const { receivers, changes, deliveries, costs, problems } = result;
  const heads = [
    'receivers',
    'changes',
    'deliveries',
    'p50 ms',
    'p90 ms',
    'p99 ms',
    'most ms',
    'notifier CPU s',
    'cores of others',
  ];
  const row = [
    String(receivers),
    thousands(changes),
    thousands(deliveries),
    ...[result.p50, result.p90, result.p99, result.most].map((ms) => ms.toFixed(0)),
    costs.cpuSeconds.peer.toFixed(1),
    costs.foreignCores.toFixed(2),
  ];
  return [
    'From the acknowledgement of a change by Kafka to its request at a receiver, over all receivers.',
    markdownTable(heads, [row]),
    ...problems.map((problem) => `**Wrong: ${problem}**`),
  ].join('\n\n');
}
