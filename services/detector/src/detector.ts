import { ClickHouseClient, arrivalUntil, decidedUntil, firstArrival, writeDecidedUntil } from '@ringwatch/clickhouse';
import { DetectionPolicy, Watch } from '@ringwatch/detection';
import { decide } from '@ringwatch/incident';
import type { Logger } from 'pino';
import { EvidenceLoader, watchedSince } from './evidence-loader';
import type { IncidentLog } from './incident-log';
import { metrics } from './telemetry';
import { TICK_MS, portions } from './tick-queue';

/** The name under which the detector's progress is kept. */
const DETECTOR = 'live';
/** So much arrival time is read at once when there is a backlog. */
const PORTION_MS = 10 * 60_000;
/** Progress is noted at least so often (wall clock), so that a restart repeats little; what it repeats is the same. */
const NOTE_EVERY_MS = 1_000;

/**
 * Takes closed arrival time tick by tick and decides. The wall clock decides nothing: what is decided at a tick is a
 * function of what arrived before it, so a restart or a replay gives the same incidents with the same changes.
 */
export class Detector {
  private watch: Watch;
  private loader: EvidenceLoader;
  private decided: number | undefined;
  private notedAt = 0;

  constructor(
    private readonly db: ClickHouseClient,
    private readonly incidents: IncidentLog,
    private readonly policy: DetectionPolicy,
    private readonly logger: Logger,
  ) {
    this.watch = new Watch(policy);
    this.loader = new EvidenceLoader(db, this.watch);
  }

  /** Decides what is closed and not yet decided, at most one portion. True when there was anything to do. */
  async advance(partitions: number): Promise<boolean> {
    const closed = await arrivalUntil(this.db);
    if (closed.partitions < partitions) return false;
    const closedTick = Math.floor(closed.closedUntil / TICK_MS) * TICK_MS;
    const from = this.decided ?? (await this.start());
    if (from === undefined || closedTick <= from) return false;
    const stopTimer = metrics.runSeconds.startTimer();
    try {
      const until = Math.min(closedTick, from + PORTION_MS);
      await this.decideUntil(from, until);
      metrics.behindSeconds.set((closedTick - until) / 1000);
    } catch (error) {
      // What was read or decided by halves is thrown away; the next turn starts from the last noted tick.
      this.decided = undefined;
      throw error;
    }
    stopTimer();
    return true;
  }

  /** Builds the watch as it was at the last decided tick; undefined while nothing has ever arrived. */
  private async start(): Promise<number | undefined> {
    const from = (await decidedUntil(this.db, DETECTOR)) ?? (await this.firstTick());
    if (from === undefined) return undefined;
    this.watch = new Watch(this.policy);
    this.loader = new EvidenceLoader(this.db, this.watch);
    this.watch.absorb(await this.loader.history(from));
    await this.incidents.restore(from);
    this.decided = from;
    this.logger.info(
      {
        from: new Date(from).toISOString(),
        updates: this.watch.updates.size,
        incidents: this.incidents.current().size,
      },
      'watch built',
    );
    return from;
  }

  private async firstTick(): Promise<number | undefined> {
    const first = await firstArrival(this.db);
    return first === undefined ? undefined : Math.floor(first / TICK_MS) * TICK_MS;
  }

  private async decideUntil(from: number, until: number): Promise<void> {
    const evidence = await this.loader.arrived(from, until);
    let changed = false;
    for (const { tick, batch } of portions(evidence, from, until)) {
      const touched = this.watch.absorb(batch);
      this.watch.expire(watchedSince(tick, this.watch));
      const changes = decide(this.watch, touched, this.incidents.current(), tick);
      await this.incidents.append(changes);
      for (const { incident_id, sequence, change, severity, detected_at } of changes) {
        changed = true;
        this.logger.info({ incident_id, sequence, severity, detected_at }, `incident ${change}`);
      }
    }
    await this.note(until, changed);
    this.decided = until;
    metrics.decidedUntil.set(until / 1000);
    metrics.watchedUpdates.set(this.watch.updates.size);
  }

  private async note(until: number, changed: boolean): Promise<void> {
    if (!changed && Date.now() - this.notedAt < NOTE_EVERY_MS) return;
    await writeDecidedUntil(this.db, DETECTOR, until);
    this.notedAt = Date.now();
  }
}
