import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInputTopic, PARTITIONS, TOPIC } from '../events/fill-topic';
import { startIngest } from '../ingest/peers/ringwatch';
import type { Options } from '../options';
import { markdownTable, median, thousands } from '../report/table';
import { type Costs, Meter } from '../stand/meter';
import type { Stand } from '../stand/stand';
import type { PaceSettings } from './paced-producer';
import { type Acked, latencies, percentile, VisibilityWatch } from './visibility';

/** Node is slow until it has seen the code run: so long is sent, and not counted. */
const WARM_UP_SECONDS = 5;
const VISIBLE_WITHIN_MS = 60_000;
/** A producer that falls further behind sends in bursts, and no longer at the rate that the report names. */
const PACE_IS_LOST_MS = 250;

/** What the part found out. Times are milliseconds from the broker's acknowledgement to the row being readable. */
export interface LatencyResult {
  rate: number;
  seconds: number;
  messages: number;
  p50: number;
  p90: number;
  p99: number;
  most: number;
  /** Between two looks: no figure is finer than this. */
  lookedEveryMs: number;
  /** How far the producer itself fell behind its pace. */
  producerLateMs: number;
  costs: Costs;
  problems: string[];
}

/** Sends at a steady pace through the real ingest, and looks when each message can be read. */
export async function benchLatency(
  stand: Stand,
  options: Options,
  say: (line: string) => void,
): Promise<LatencyResult> {
  const { rate, seconds } = options;
  await createInputTopic(stand);
  const database = 'latency';
  const db = await stand.database(database, { migrated: true });
  const working = await startIngest({ stand, database, groupId: database });
  working.failed?.catch(() => undefined); // it also ends when it is stopped
  const watch = new VisibilityWatch(db);
  say(`warming up for ${WARM_UP_SECONDS} s`);
  const warmUp = await produce(stand, rate, WARM_UP_SECONDS);
  await untilVisible(watch, countOf(warmUp.acked));
  watch.gaps.length = 0;
  say(`sending ${thousands(rate)} messages a second for ${seconds} s`);
  const meter = new Meter({ ...stand.pids(), peer: working.pid });
  const cpuBefore = meter.read().cpuSeconds.peer;
  const { acked, late } = await produce(stand, rate, seconds);
  const isAllVisible = await untilVisible(watch, countOf(acked) + countOf(warmUp.acked));
  const costs = meter.read();
  costs.cpuSeconds.peer -= cpuBefore;
  await watch.stop();
  await working.stop();
  await stand.close(db);
  const sorted = latencies(acked, watch.seen);
  return {
    rate,
    seconds,
    messages: countOf(acked),
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p99: percentile(sorted, 0.99),
    most: percentile(sorted, 1),
    lookedEveryMs: median(watch.gaps),
    producerLateMs: late,
    costs,
    problems: isAllVisible ? [] : [`${countOf(acked) - sorted.length} messages were not seen within 60 s`],
  };
}

const countOf = (acked: readonly Acked[]) => acked.reduce((sum, { messages }) => sum + messages, 0);

async function produce(stand: Stand, rate: number, seconds: number): Promise<{ acked: Acked[]; late: number }> {
  const acked: Acked[] = [];
  let late = 0;
  const hear = (line: string) => {
    const [word, ...numbers] = line.split(' ');
    const [first = 0, firstOffset = 0, messages = 0, at = 0] = numbers.map(Number);
    if (word === 'acked') acked.push({ partition: first, firstOffset, messages, at });
    if (word === 'late') late = first;
  };
  const settings: PaceSettings = {
    brokers: stand.platform.kafkaBrokers,
    topic: TOPIC,
    partitions: PARTITIONS,
    rate,
    seconds,
  };
  const service = await stand.runFile({ name: 'producer', file: join(__dirname, 'paced-producer.ts'), settings }, hear);
  const { code } = await service.exited;
  if (code !== 0) throw new Error(`the producer ended with code ${code}: see ${stand.logFolder}/producer.log`);
  return { acked, late };
}

async function untilVisible(watch: VisibilityWatch, messages: number): Promise<boolean> {
  for (const giveUpAt = Date.now() + VISIBLE_WITHIN_MS; Date.now() < giveUpAt; await sleep(50)) {
    if (watch.rows() >= messages) return true;
  }
  return false;
}

/** The result as Markdown. */
export function reportLatency(result: LatencyResult): string {
  const { rate, messages, lookedEveryMs, producerLateMs, costs, problems } = result;
  const heads = [
    'messages/s',
    'messages',
    'p50 ms',
    'p90 ms',
    'p99 ms',
    'most ms',
    'cores: ingest',
    'ClickHouse',
    'Kafka',
    'foreign cores',
  ];
  const cores = (seconds: number) => (seconds / costs.wallSeconds).toFixed(2);
  const row = [
    thousands(rate),
    thousands(messages),
    ...[result.p50, result.p90, result.p99, result.most].map(thousands),
    ...[costs.cpuSeconds.peer, costs.cpuSeconds.clickhouse, costs.cpuSeconds.kafka].map(cores),
    costs.foreignCores.toFixed(2),
  ];
  return [
    'From the acknowledgement by the broker to the row being readable in ClickHouse.',
    markdownTable(heads, [row]),
    producerLateMs > PACE_IS_LOST_MS ? '**The producer did not keep its pace: measure again on a quiet machine.**' : '',
    `Looked every ${lookedEveryMs.toFixed(0)} ms (median): no figure is finer. The producer was at most ${producerLateMs.toFixed(0)} ms behind its pace.`,
    ...problems.map((problem) => `**Wrong: ${problem}**`),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
