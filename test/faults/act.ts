import type { FaultWorld } from './fault-world';
import { Lane } from './lane';
import type { Message } from './messages';
import { judge, type LogSeen, readStage, type Verdict } from './oracle';
import { Stage } from './stage';

/** One kind of fault: what is done to ingest and what is around it, while a producer goes on. */
export interface Row {
  name: string;
  /** For people: the fault, in a few words. */
  what: string;
  /** Counters that must not be zero at the end: the window was really hit. */
  mustSee: readonly string[];
  /** Does the fault; afterwards the world is whole again. `size` is how often, where a row has an "often". */
  run(lane: Lane, size: number): Promise<void>;
  /** The size when nothing else is asked for. */
  size?: number;
  /** It does not want the producer to feed the log by itself. */
  quiet?: boolean;
  /** Nothing else may go on beside it: it touches what all share. */
  alone?: boolean;
  /** It mounts something: it runs in a process of its own. */
  ownMounts?: boolean;
  /** Says why it cannot run here, or undefined. */
  skip?: () => string | undefined;
  /** It ends with records that must not be taken: it checks for itself what then has to hold. */
  endsStuck?: boolean;
}

/** A row, and how much of it. */
export interface Part {
  row: Row;
  size?: number;
}

/** What became of one lane of an act. */
export interface Outcome {
  rows: string[];
  seed: number;
  violations: string[];
  kills: number;
  seconds: number;
  counters: Record<string, number>;
  verdict: Omit<Verdict, 'violations'> | undefined;
}

/** Events that were stored from a log that is gone, by lane: rows that delete topics fill it. */
export const storedBefore = new WeakMap<Lane, Message[]>();

interface Running {
  lane: Lane;
  rows: Part[];
}

/**
 * Runs rows on one log: each inner list is a lane, a deployment of ingest of its own, whose rows run one after the other;
 * lanes run at the same time. Then the producer stops, all becomes quiet and each lane is judged.
 */
export async function runAct(
  world: FaultWorld,
  lanes: Part[][],
  seed: number,
  say: (line: string) => void = () => undefined,
): Promise<Outcome[]> {
  const startedAt = Date.now();
  const stage = await Stage.set(world, seed, `s${startedAt % 1_000_000}`);
  // Each lane stores all of it: what one takes easily, three do not.
  stage.diet = { ...stage.diet, everyMs: stage.diet.everyMs * lanes.length };
  if (!lanes.flat().some(({ row }) => row.quiet)) stage.feed();
  const running = lanes.map((rows) => ({
    rows,
    lane: new Lane(stage, stage.random.fork(rows.map(({ row }) => row.name).join())),
  }));
  try {
    await Promise.all(running.map(({ lane, rows }) => play(lane, rows, say)));
    await stage.pauseFeeding();
    await Promise.all(running.map(({ lane, rows }) => settle(lane, rows)));
    const log = await readStage(stage);
    const outcomes = await Promise.all(running.map((each) => conclude(each, log, { seed, startedAt })));
    return notDiffering(outcomes);
  } finally {
    await stage.strike();
    await Promise.all(running.map(({ lane }) => lane.close()));
  }
}

async function conclude(
  { lane, rows }: Running,
  log: LogSeen,
  { seed, startedAt }: { seed: number; startedAt: number },
): Promise<Outcome> {
  const isStuck = rows.some(({ row }) => row.endsStuck);
  const verdict = isStuck ? undefined : await judge(lane, log, storedBefore.get(lane));
  const unseen = rows.flatMap(({ row }) =>
    row.mustSee.filter((name) => !lane.counters.get(name)).map((name) => `${row.name} never saw: ${name}`),
  );
  const { violations = [], ...figures } = verdict ?? {};
  return {
    rows: rows.map(({ row }) => row.name),
    seed,
    violations: [...new Set([...lane.violations, ...violations, ...unseen])],
    kills: lane.kills,
    seconds: (Date.now() - startedAt) / 1_000,
    counters: Object.fromEntries(lane.counters),
    verdict: verdict ? (figures as Omit<Verdict, 'violations'>) : undefined,
  };
}

/** I5: lanes that read one log under different faults end in the same state. */
function notDiffering(outcomes: Outcome[]): Outcome[] {
  const hashes = new Set(outcomes.flatMap(({ verdict }) => verdict?.stateHash ?? []));
  if (hashes.size > 1)
    for (const { violations } of outcomes) violations.push('I5: the lanes of the act differ in state');
  return outcomes;
}

/** An exception in a row is a violation too: what it waited for did not come. */
async function play(lane: Lane, rows: Part[], say: (line: string) => void): Promise<void> {
  for (const { row, size } of rows) {
    const startedAt = Date.now();
    try {
      await row.run(lane, size ?? row.size ?? 1);
    } catch (error) {
      lane.violations.push(`${row.name}: ${(error as Error).message}; ingest's last words: ${lastWordsOf(lane)}`);
    }
    say(`${row.name}: ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`);
  }
}

async function settle(lane: Lane, rows: Part[]): Promise<void> {
  if (rows.some(({ row }) => row.endsStuck)) return;
  try {
    if (lane.copies.every(({ pid }) => pid === undefined)) await lane.copies[0]?.start();
    await lane.quiesce();
    await lane.checkCommitted();
  } catch (error) {
    lane.violations.push(`${(error as Error).message}; ingest's last words: ${lastWordsOf(lane)}`);
  }
}

function lastWordsOf(lane: Lane): string {
  const loud = lane.copies.flatMap(({ said }) => said.filter(({ level }) => level !== 'info').slice(-2));
  return JSON.stringify(loud).slice(0, 600);
}
