import { play, type FleetRecord, type Scenario } from '@ringwatch/fleet';
import { cutIntoSlices, sliceLengthMs, type Slice } from './slices';
import { countSlice, metrics } from './telemetry';

/** How to play: see config.ts for the meaning of each. */
export interface PlaySettings {
  seed: string;
  speed: number | 'max';
  fleetSize: number | undefined;
  dates: 'shifted' | 'original';
  run: string | undefined;
}

/** What the player needs of the outside: a place for records, the wall clock, and a log. */
export interface Surroundings {
  /** Resolves when all records are safe. */
  write(records: readonly FleetRecord[]): Promise<void>;
  now(): number;
  sleep(ms: number): Promise<void>;
  log: { info(fields: object, event: string): void; warn(fields: object, event: string): void };
}

/** Behind by less than this is the jitter of sleeping, not worth a word. */
const BEHIND_MS = 2000;
const PROGRESS_EVERY_MS = 5000;
const RETRY_MS = 2000;
/** A wait is cut into pieces of this length, so that a stop is heard. */
const NAP_MS = 500;

/** Plays a scenario slice by slice at a chosen speed. It never skips: when it falls behind it says so and goes on. */
export class Player {
  private stopping = false;
  private sent = 0;
  private toldAtMs = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly settings: PlaySettings,
    private readonly outside: Surroundings,
  ) {}

  /** Ends the play at the end of the slice under way. */
  stop(): void {
    this.stopping = true;
  }

  /** Plays from start to end. Resolves with the number of records sent. */
  async play(): Promise<number> {
    const { scenario, settings, outside } = this;
    const startedAtMs = outside.now();
    const timing = new Timing(scenario, settings, startedAtMs);
    const records = play(scenario, {
      seed: settings.seed,
      shiftMs: timing.shiftMs,
      ...(settings.fleetSize === undefined ? {} : { fleetSize: settings.fleetSize }),
      ...(timing.run === undefined ? {} : { run: timing.run }),
    });
    outside.log.info(
      { scenario: scenario.name, run: timing.run, ...timing.span(), speed: settings.speed },
      'play started',
    );
    this.toldAtMs = startedAtMs;
    for (const slice of cutIntoSlices(records, timing.startMs, sliceLengthMs(settings.speed))) {
      await this.sleepUntil(timing.dueAtMs(slice.untilMs));
      if (this.stopping) break;
      await this.send(slice);
      this.tellProgress(slice, timing);
    }
    if (!this.stopping) await this.sleepUntil(timing.dueAtMs(timing.endMs));
    const seconds = (outside.now() - startedAtMs) / 1000;
    outside.log.info({ records: this.sent, seconds }, this.stopping ? 'play stopped' : 'play finished');
    return this.sent;
  }

  private async send(slice: Slice): Promise<void> {
    for (;;) {
      try {
        await this.outside.write(slice.records);
        break;
      } catch (error) {
        if (this.stopping) throw error;
        this.outside.log.warn({ err: error, records: slice.records.length }, 'slice not written, trying again');
        await this.outside.sleep(RETRY_MS);
      }
    }
    this.sent += slice.records.length;
    countSlice(slice.records);
    metrics.simulatedTime.set(slice.untilMs / 1000);
  }

  private async sleepUntil(atMs: number): Promise<void> {
    for (let leftMs = atMs - this.outside.now(); leftMs > 0 && !this.stopping; leftMs = atMs - this.outside.now()) {
      await this.outside.sleep(Math.min(leftMs, NAP_MS));
    }
  }

  private tellProgress(slice: Slice, timing: Timing): void {
    const nowMs = this.outside.now();
    const behindMs = Math.max(0, nowMs - timing.dueAtMs(slice.untilMs));
    const isBehind = this.settings.speed !== 'max' && behindMs > BEHIND_MS;
    metrics.behind.set(isBehind ? behindMs / 1000 : 0);
    if (nowMs - this.toldAtMs < PROGRESS_EVERY_MS) return;
    this.toldAtMs = nowMs;
    const progress = {
      simulatedTime: new Date(slice.untilMs - timing.shiftMs).toISOString(),
      percent: timing.percentAt(slice.untilMs),
      records: this.sent,
      speed: timing.speedAt(slice.untilMs, nowMs),
    };
    if (isBehind) this.outside.log.warn({ ...progress, behindSeconds: behindMs / 1000 }, 'play fell behind');
    else this.outside.log.info(progress, 'play went on');
  }
}

/** How the play's arrival times lie on the wall clock. */
class Timing {
  readonly shiftMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly run: string | undefined;

  constructor(
    scenario: Scenario,
    private readonly settings: PlaySettings,
    private readonly startedAtMs: number,
  ) {
    const playsMs = settings.speed === 'max' ? 0 : Math.round((scenario.ends - scenario.starts) / settings.speed);
    const isShifted = settings.dates === 'shifted';
    this.shiftMs = isShifted ? startedAtMs + playsMs - scenario.ends : 0;
    this.startMs = scenario.starts + this.shiftMs;
    this.endMs = scenario.ends + this.shiftMs;
    this.run = settings.run ?? (isShifted ? this.endMs.toString(36) : undefined);
  }

  /** When what arrives before `arrivalMs` is to be sent. */
  dueAtMs(arrivalMs: number): number {
    if (this.settings.speed === 'max') return this.startedAtMs;
    return this.startedAtMs + (Math.min(arrivalMs, this.endMs) - this.startMs) / this.settings.speed;
  }

  percentAt(arrivalMs: number): number {
    return Math.min(100, Math.round((1000 * (arrivalMs - this.startMs)) / (this.endMs - this.startMs)) / 10);
  }

  speedAt(arrivalMs: number, nowMs: number): number {
    return Math.round((arrivalMs - this.startMs) / Math.max(1, nowMs - this.startedAtMs));
  }

  span(): { from: string; until: string } {
    return { from: new Date(this.startMs).toISOString(), until: new Date(this.endMs).toISOString() };
  }
}
