import { Notebook } from '@ringwatch/backtest';
import { type ClickHouseClient, writeArrivalClocks, writeDecidedUntil } from '@ringwatch/clickhouse';
import { defaultPolicy } from '@ringwatch/detection';
import { Decider } from '@ringwatch/ticks';
import { percentile } from '../latency/visibility';
import type { Options } from '../options';
import { markdownTable, thousands } from '../report/table';
import { cpuSeconds } from '../stand/processes';
import type { Stand } from '../stand/stand';
import { History, START } from './history';

const SECOND = 1_000;
/** Rounds: so many times the stored history. */
const SIZES = [1, 2, 4];
const GOAL_MS = 1_000;

/** What ticks cost over one amount of stored events; times are milliseconds. */
interface Round {
  storedEvents: number;
  watched: number;
  /** Until a detector that starts anew has decided its first tick. */
  restart: number;
  p50: number;
  p99: number;
  most: number;
  /** Rows that ClickHouse read for a tick, and CPU time of ClickHouse and the detector, on average: these do not hang on who else uses the machine. */
  rowsRead: number;
  cpu: number;
}

/** What the part found out. */
export interface TicksResult {
  hosts: number;
  seconds: number;
  rounds: Round[];
  problems: string[];
}

/** Takes closed arrival time second by second, as live, over a store that grows. */
export async function benchTicks(stand: Stand, options: Options, say: (line: string) => void): Promise<TicksResult> {
  const { hosts, ticks } = options;
  const db = await stand.database('ticks', { migrated: true });
  const history = new History(db, hosts);
  say(`storing 500 updates, ${thousands(hosts)} hosts and what they took`);
  await history.base(ticks);
  await history.live(ticks);
  const rounds: Round[] = [];
  for (const [index, size] of SIZES.entries()) {
    if (index > 0) {
      say(`storing older events: ${size} times as many`);
      await history.older(size - SIZES[index - 1]!, String(size));
    }
    const measured = await measureTicks(stand, db, { seconds: ticks, name: `ticks-${size}` });
    const round = { storedEvents: await history.storedEvents(), ...measured };
    rounds.push(round);
    say(
      `${thousands(round.storedEvents)} events: restart ${thousands(round.restart)} ms, p99 ${thousands(round.p99)} ms, ${thousands(round.cpu)} CPU ms, ${thousands(round.rowsRead)} rows`,
    );
  }
  await stand.close(db);
  const slow = rounds.filter(({ p99 }) => p99 > GOAL_MS);
  return {
    hosts,
    seconds: ticks,
    rounds,
    problems: slow.map(
      ({ storedEvents, p99 }) => `a tick took ${thousands(p99)} ms (p99) over ${thousands(storedEvents)} events`,
    ),
  };
}

async function measureTicks(
  stand: Stand,
  db: ClickHouseClient,
  { seconds, name }: { seconds: number; name: string },
): Promise<Omit<Round, 'storedEvents'>> {
  await writeDecidedUntil(db, name, START);
  const decider = new Decider(db, new Notebook(), defaultPolicy, name);
  const spent: number[] = [];
  const { clickhouse } = stand.pids();
  const used = () => (cpuSeconds(clickhouse) + cpuSeconds(process.pid)) * 1_000;
  let before = { rows: 0, cpu: 0 };
  for (let second = 1; second <= seconds; second++) {
    await writeArrivalClocks(db, [{ topic: name, partition: 0, closedUntil: START + second * SECOND }]);
    const startedAt = performance.now();
    await decider.advance(1);
    spent.push(performance.now() - startedAt);
    if (second === 1) before = { rows: await rowsRead(db), cpu: used() };
  }
  const [restart = NaN, ...others] = spent;
  const sorted = others.sort((a, b) => a - b);
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(sorted, share)) as [number, number, number];
  const perTick = (sum: number) => sum / others.length;
  return {
    watched: decider.watched(),
    restart,
    p50,
    p99,
    most,
    rowsRead: perTick((await rowsRead(db)) - before.rows),
    cpu: perTick(used() - before.cpu),
  };
}

/** Rows that the server has read since it started. */
async function rowsRead(db: ClickHouseClient): Promise<number> {
  const query = "SELECT toUInt64(value) AS rows FROM system.events WHERE event = 'SelectedRows'";
  const [row] = await (await db.query({ query, format: 'JSONEachRow' })).json<{ rows: number }>();
  return row?.rows ?? 0;
}

/** The result as Markdown. */
export function reportTicks({ hosts, seconds, rounds, problems }: TicksResult): string {
  const heads = [
    'stored events',
    'updates under watch',
    'p50 ms',
    'p99 ms',
    'most ms',
    'CPU ms',
    'rows read',
    'restart ms',
  ];
  const rows = rounds.map(({ storedEvents, watched, p50, p99, most, cpu, rowsRead: rows, restart }) =>
    [storedEvents, watched, p50, p99, most, cpu, rows, restart].map(thousands),
  );
  return [
    `${thousands(hosts)} hosts with installs, 5 crashes and as many installs a second, heartbeats every five minutes, ${seconds} ticks taken one by one; the goal is p99 <= ${thousands(GOAL_MS)} ms.`,
    markdownTable(heads, rows),
    ...problems.map((problem) => `**Wrong: ${problem}**`),
  ].join('\n\n');
}
