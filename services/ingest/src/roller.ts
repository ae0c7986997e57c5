import { type ClickHouseClient, type RolledHour, rollChangedHours } from '@ringwatch/clickhouse';
import type { Logger } from 'pino';

/** How a roller paces itself, in milliseconds unless the name says otherwise. */
export interface RollerPace {
  /** An hour that still changes is dirty again at once: it rests so many times as long as it has just worked on it. */
  restFactor: number;
  /** Shortest rest: how often it looks when there is little to do. */
  minRestMs: number;
  errorRestMs: number;
  /** How many looks in a row it leaves out while ingest is behind: then every hour would be dirty again. */
  mostSkipped: number;
}

export const usualPace: RollerPace = { restFactor: 9, minRestMs: 1_000, errorRestMs: 5_000, mostSkipped: 60 };

/** An hour that has not changed for so long is done: it is counted at once, and then no more. */
const QUIET_SECONDS = 2;
/** How many hours are counted again before it looks up. */
const HOURS_AT_ONCE = 4;

/**
 * Counts hours again whose bugchecks have changed: those that have come to rest as fast as it goes, those that still change
 * in a tenth of the time, all but none while ingest is behind. Any number may run at once, and any may be killed. `db` needs
 * a time limit for a whole hour of bugchecks (minutes), not that of an insert.
 */
export class Roller {
  private resting: { timer: NodeJS.Timeout; wake: () => void } | undefined;
  private stopped = false;
  private skipped = 0;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: ClickHouseClient,
    private readonly logger: Logger,
    private readonly isBehind: () => boolean = () => false,
    private readonly pace: RollerPace = usualPace,
  ) {}

  /** Begins at once. */
  start(): void {
    this.work = this.run();
  }

  /** Resolves when the hours in work are done. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.resting) {
      clearTimeout(this.resting.timer);
      this.resting.wake();
    }
    await this.work;
  }

  private async run(): Promise<void> {
    while (!this.stopped) await this.rest(await this.rollOnce());
  }

  /** Answers how long to rest, in milliseconds. */
  private async rollOnce(): Promise<number> {
    if (this.isBehind() && this.skipped++ < this.pace.mostSkipped) return this.pace.minRestMs;
    this.skipped = 0;
    try {
      if ((await this.roll({ limit: HOURS_AT_ONCE, quietSeconds: QUIET_SECONDS })).length > 0) return 0;
      return restAfter(await this.roll({ limit: 1 }), this.pace);
    } catch (error) {
      this.logger.warn({ err: error }, 'hours not rolled up, trying again');
      return this.pace.errorRestMs;
    }
  }

  private async roll(which: { limit: number; quietSeconds?: number }): Promise<RolledHour[]> {
    const rolled = await rollChangedHours(this.db, which);
    for (const hour of rolled) this.logger.debug({ ...hour }, 'hour rolled up');
    return rolled;
  }

  private async rest(ms: number): Promise<void> {
    if (this.stopped) return;
    await new Promise<void>((wake) => (this.resting = { timer: setTimeout(wake, ms), wake }));
    this.resting = undefined;
  }
}

/** How long to rest after hours that still change, in milliseconds. */
export function restAfter(rolled: readonly RolledHour[], { restFactor, minRestMs }: RollerPace): number {
  const workedMs = rolled.reduce((sum, { ms }) => sum + ms, 0);
  return Math.max(minRestMs, workedMs * restFactor);
}
