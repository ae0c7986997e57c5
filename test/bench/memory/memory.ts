import { fillTopic } from '../events/fill-topic';
import { startIngest } from '../ingest/peers/ringwatch';
import type { Options } from '../options';
import { markdownTable, megabytes, thousands } from '../report/table';
import { Commits } from '../stand/commits';
import { type Costs, Meter } from '../stand/meter';
import type { Stand } from '../stand/stand';

/** What ingest may hold, however much waits for it. */
const LIMIT_MEGABYTES = 512;
const SAY_EVERY_MS = 10_000;

/** What the part found out. */
export interface MemoryResult {
  lag: number;
  seconds: number;
  costs: Costs;
  limitMegabytes: number;
  problems: string[];
}

/** Starts ingest before a full topic, and looks how much memory it takes until nothing waits any more. */
export async function benchMemory(stand: Stand, options: Options, say: (line: string) => void): Promise<MemoryResult> {
  const database = 'memory';
  const { messages, topic } = await fillTopic(stand, { messages: options.lag, keepTruth: false, say });
  const db = await stand.database(database, { migrated: true });
  const commits = new Commits(stand.kafka);
  await commits.connect();
  say(`ingest begins with ${thousands(messages)} messages that wait`);
  const meter = new Meter(stand.pids());
  const working = await startIngest({ stand, database, groupId: database });
  meter.follow(working.pid);
  const fails = working.failed ?? new Promise<never>(() => undefined);
  fails.catch(() => undefined); // it also ends when it is stopped
  let saidAt = Date.now();
  const progress = (done: number) => {
    if (Date.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = Date.now();
    say(
      `  ${Math.round((100 * done) / messages)} %, at most ${megabytes(meter.read().peakMemoryBytes.peer)} MB so far`,
    );
  };
  await Promise.race([commits.untilDone(database, topic, messages, progress), fails]);
  const costs = meter.read();
  await working.stop();
  await commits.disconnect();
  await stand.close(db);
  const isOver = costs.peakMemoryBytes.peer > LIMIT_MEGABYTES * 1024 ** 2;
  const problem = `ingest took ${megabytes(costs.peakMemoryBytes.peer)} MB, the limit is ${LIMIT_MEGABYTES} MB`;
  return {
    lag: messages,
    seconds: costs.wallSeconds,
    costs,
    limitMegabytes: LIMIT_MEGABYTES,
    problems: isOver ? [problem] : [],
  };
}

/** The result as Markdown. */
export function reportMemory({ lag, seconds, costs, limitMegabytes, problems }: MemoryResult): string {
  const heads = [
    'messages that waited',
    'peak MB of ingest',
    'limit MB',
    's until none waited',
    'peak MB of ClickHouse',
    'foreign cores',
  ];
  const row = [
    thousands(lag),
    megabytes(costs.peakMemoryBytes.peer),
    String(limitMegabytes),
    seconds.toFixed(1),
    megabytes(costs.peakMemoryBytes.clickhouse),
    costs.foreignCores.toFixed(2),
  ];
  return [markdownTable(heads, [row]), ...problems.map((problem) => `**Wrong: ${problem}**`)].join('\n\n');
}
