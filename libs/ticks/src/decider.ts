import {
  ClickHouseClient,
  arrivalUntil,
  benignUpdates,
  decidedUntil,
  firstArrival,
  writeDecidedUntil,
} from '@ringwatch/clickhouse';
import { DetectionPolicy, Watch, type WatchedUpdate, benignUpdateOf, judgeAll } from '@ringwatch/detection';
import { type ActionAnswer, type IncidentChange, type Incidents, decide, incidentIdOf } from '@ringwatch/incident';
import { EvidenceLoader, watchedSince } from './evidence-loader';
import { Notes } from './notes';
import { type ArrivedEvidence, TICK_MS, portions } from './portions';
import { countRecovered } from './count-recovered';
import { SignsOfLife } from './signs-of-life';

/** Where decisions are kept. Every method may be called again with the same changes. */
export interface Decisions {
  /** Reads the state of all incidents as it was decided at a tick. */
  restore(tick: number): Promise<void>;
  /** The last change of each incident. */
  current(): Incidents;
  /** Resolves when the changes are safe. */
  append(changes: readonly IncidentChange[]): Promise<void>;
  /** Hears what became of what people did; may hear it again. */
  answered?(answers: readonly ActionAnswer[]): void;
}

/**
 * What one turn did: arrival time decided from and until (ms since 1970 UTC), how much closed time is still undecided, and
 * at how many ticks anything could be decided.
 */
export interface Turn {
  from: number;
  until: number;
  behindMs: number;
  portions: number;
}

/** Where updates stand is noted so often, in arrival time. */
const JUDGE_EVERY_MS = 10 * 60_000;
/** So much arrival time is read at once when there is a backlog: more where little arrives, so that quiet weeks are few turns. */
const LEAST_PORTION_MS = 60_000;
const MOST_PORTION_MS = 8 * 60 * 60_000;
/** A portion that brought fewer rows than this is followed by one twice as long, one that brought four times as many by half. */
const FEW_ROWS = 20_000;
/** Progress is noted at least so often (wall clock), so that a restart repeats little; what it repeats is the same. */
const NOTE_EVERY_MS = 1_000;

/**
 * Takes closed arrival time tick by tick and decides. The wall clock decides nothing: what is decided at a tick is a
 * function of what arrived before it, so a restart or a replay gives the same incidents with the same changes.
 */
export class Decider {
  private watch: Watch;
  private loader: EvidenceLoader;
  private signs: SignsOfLife;
  private notes: Notes;
  private portionMs = LEAST_PORTION_MS;
  private decided: number | undefined;
  private notedAt = 0;

  constructor(
    private readonly db: ClickHouseClient,
    private readonly decisions: Decisions,
    private readonly policy: DetectionPolicy,
    /** The name under which progress is kept: two deciders of different names do not know of each other. */
    private readonly name = 'live',
  ) {
    this.watch = new Watch(policy);
    this.loader = new EvidenceLoader(db, this.watch);
    this.notes = new Notes(db, name);
    this.signs = new SignsOfLife(db, this.watch, this.notes);
  }

  /** How many updates are under watch. */
  watched(): number {
    return this.watch.updates.size;
  }

  /**
   * Decides what is closed on all `partitions` and not yet decided, at most a few hours of arrival time. Undefined when
   * there was nothing to do. @throws when the store or the log failed; the next turn starts from the last noted tick.
   */
  async advance(partitions: number): Promise<Turn | undefined> {
    const closed = await arrivalUntil(this.db);
    if (closed.partitions < partitions) return undefined;
    const closedTick = Math.floor(closed.closedUntil / TICK_MS) * TICK_MS;
    try {
      const from = this.decided ?? (await this.start());
      if (from === undefined || closedTick <= from) return undefined;
      const until = Math.min(closedTick, from + this.portionMs);
      const portions = await this.decideUntil(from, until);
      return { from, until, behindMs: closedTick - until, portions };
    } catch (error) {
      // What was read or decided by halves is thrown away.
      this.decided = undefined;
      throw error;
    }
  }

  /**
   * Decides one tick of the past again, as a detector that starts anew just before it, and writes nothing: `decisions` hears
   * what was decided at it. The next turn starts anew.
   */
  async decideAgain(tick: number): Promise<void> {
    await this.startAt(tick - TICK_MS);
    this.decided = undefined;
    await this.decideTicks(tick - TICK_MS, tick);
  }

  /** Goes on from the last decided tick; undefined while nothing has ever arrived. */
  private async start(): Promise<number | undefined> {
    const from = (await decidedUntil(this.db, this.name)) ?? (await this.firstTick());
    if (from !== undefined) await this.startAt(from);
    return from;
  }

  /** Builds the watch as it was at a tick. */
  private async startAt(from: number): Promise<void> {
    this.watch = new Watch(this.policy);
    this.loader = new EvidenceLoader(this.db, this.watch);
    this.notes = new Notes(this.db, this.name);
    this.signs = new SignsOfLife(this.db, this.watch, this.notes);
    this.portionMs = LEAST_PORTION_MS;
    const history = await this.loader.history(from);
    this.watch.remember(await this.loader.pastHours(from, history.updates));
    this.watch.learn(await benignUpdates(this.db, this.name, from));
    this.watch.absorb(history);
    await this.signs.resume(from, watchedSince(from, this.watch));
    await this.decisions.restore(from);
    this.decided = from;
  }

  /** What leaves the watch and never had an incident says how much an update may do to hosts. */
  private learn(expired: readonly WatchedUpdate[], tick: number): void {
    if (expired.length === 0) return;
    const isInnocent = ({ update }: WatchedUpdate) => !this.decisions.current().has(incidentIdOf(update));
    const benign = expired.filter(isInnocent).flatMap((watched) => benignUpdateOf(watched, tick) ?? []);
    this.notes.benign.push(...benign);
    this.watch.learn(benign);
  }

  private async firstTick(): Promise<number | undefined> {
    const first = await firstArrival(this.db);
    return first === undefined ? undefined : Math.floor(first / TICK_MS) * TICK_MS;
  }

  /** Decides, and notes how far; gives the number of ticks that were looked at. */
  private async decideUntil(from: number, until: number): Promise<number> {
    const { rows, looked, changed } = await this.decideTicks(from, until);
    this.watch.forget();
    await this.notes.write();
    if (until - from === this.portionMs) this.portionMs = nextPortion(this.portionMs, rows);
    if (changed || Date.now() - this.notedAt >= NOTE_EVERY_MS) {
      await writeDecidedUntil(this.db, this.name, until);
      this.notedAt = Date.now();
    }
    this.decided = until;
    return looked;
  }

  /** How many rows were read for it, how many ticks were looked at, and whether any incident changed. */
  private async decideTicks(from: number, until: number): Promise<{ rows: number; looked: number; changed: boolean }> {
    const evidence = await this.loader.arrived(from, until);
    const signs = await this.signs.read(until);
    let changed = false;
    let looked = 0;
    for (const { tick, batch } of portions(evidence, from, until)) {
      const touched = this.watch.absorb({ ...batch, awake: [] });
      this.learn(this.watch.expire(watchedSince(tick, this.watch)), tick);
      this.signs.conclude(tick, batch.updates);
      const news = { touched, actions: batch.incidentActions };
      const { changes, answers } = decide(this.watch, news, this.decisions.current(), tick);
      await this.decisions.append(await countRecovered(this.db, changes, tick));
      if (tick % JUDGE_EVERY_MS === 0) this.judge(tick);
      if (answers.length > 0) this.decisions.answered?.(answers);
      looked++;
      changed ||= changes.length > 0;
    }
    return { rows: rowsOf(evidence) + signs, looked, changed };
  }

  private judge(tick: number): void {
    for (const judgement of judgeAll(this.watch)) this.notes.judgements.push({ ...judgement, judgedAt: tick });
  }
}

function rowsOf(evidence: ArrivedEvidence): number {
  const installs = evidence.applied.reduce((sum, { hosts }) => sum + hosts, 0);
  return Object.values(evidence).reduce((sum, rows) => sum + rows.length, installs);
}

function nextPortion(portionMs: number, rows: number): number {
  if (rows < FEW_ROWS) return Math.min(MOST_PORTION_MS, 2 * portionMs);
  return rows > 4 * FEW_ROWS ? Math.max(LEAST_PORTION_MS, portionMs / 2) : portionMs;
}
