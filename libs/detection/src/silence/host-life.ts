import { type Region, regionOf } from '@ringwatch/rollout';
import { stratumOf } from '../concurrent/curve';
import { isSwitchOffTime, isWeekend } from './local-time';
import { OwnHours, hourOf } from './own-hours';
import type { HostSigns, KeptLife } from './signs';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The last intervals between heartbeats of which the pace is the median: nights and outages among them do not move it. */
const INTERVALS_KEPT = 15;
/** Fewer intervals say nothing about a pace. */
const LEAST_INTERVALS = 3;
/** So many missed heartbeats are a silence; the tenth more is for paces that waver (ours by 5 %). */
const MISSED_BEATS = 3.1;
/** A silence is longer than this whatever the pace: a restart that installs something takes minutes. */
const LEAST_SILENCE_MS = 15 * MINUTE_MS;
/** A host of which only one or two heartbeats are known may be one that beats once a day. */
const UNKNOWN_PACE_MS = 26 * HOUR_MS;
/** So many earlier days of the same kind have to agree before a host's own hours are believed. */
const LEAST_DAYS = 2;
const DAYS_ASKED = 7;
/** A host that beats more slowly than this shows nothing of its nights. */
const SLOWEST_WITH_HOURS_MS = 2 * HOUR_MS;

/**
 * The life of one sampled host as its signs tell it: when it was last alive, at what pace it beats, and in which hours. A
 * function of what arrived in each minute; copies that come later change nothing.
 */
export class HostLife {
  readonly region: Region;
  readonly stratum: string;
  lastSignAt = -Infinity;
  private beatAt = -Infinity;
  /** The least time a heartbeat took to arrive: with it the host's clock is set right, however wrong it is. */
  private leastDelayMs = Infinity;
  private stoppedAt = -Infinity;
  private intervals: number[] = [];
  private medianMs = 0;
  private patienceMs = UNKNOWN_PACE_MS;
  private knownSince = Infinity;
  /** When the last interval ended that was long enough for a silence. */
  private brokeAt = -Infinity;
  private hours = new OwnHours();
  private judgedAt = -Infinity;

  constructor(
    readonly hostId: string,
    readonly orgId: string,
    readonly country: string,
    readonly osBuild: string,
    readonly level: number,
  ) {
    this.region = regionOf(country);
    this.stratum = stratumOf(osBuild, country);
  }

  /** The life of a host of which nothing else is known yet; its signs are still to be absorbed. */
  static of({ hostId, orgId, country, osBuild, level }: HostSigns): HostLife {
    return new HostLife(hostId, orgId, country, osBuild, level);
  }

  static restore(kept: KeptLife): HostLife {
    const life = new HostLife(kept.hostId, kept.orgId, kept.country, kept.osBuild, kept.level);
    life.lastSignAt = kept.lastSignAt ?? -Infinity;
    life.beatAt = kept.beatAt ?? -Infinity;
    life.leastDelayMs = kept.leastDelayMs ?? Infinity;
    life.stoppedAt = kept.stoppedAt ?? -Infinity;
    life.intervals = [...kept.intervals];
    life.setPace();
    life.knownSince = kept.knownSince ?? Infinity;
    life.brokeAt = kept.brokeAt ?? -Infinity;
    life.hours = OwnHours.restore(kept.newestDay, kept.hours);
    life.judgedAt = kept.judgedAt ?? -Infinity;
    return life;
  }

  kept(): KeptLife {
    const { newestDay, words } = this.hours.kept();
    const { hostId, orgId, country, osBuild, level, intervals } = this;
    return {
      hostId,
      orgId,
      country,
      osBuild,
      level,
      intervals: [...intervals],
      lastSignAt: finite(this.lastSignAt),
      knownSince: finite(this.knownSince),
      beatAt: finite(this.beatAt),
      leastDelayMs: finite(this.leastDelayMs),
      stoppedAt: finite(this.stoppedAt),
      brokeAt: finite(this.brokeAt),
      judgedAt: finite(this.judgedAt),
      newestDay,
      hours: words,
    };
  }

  /** Takes in what arrived in one minute. True when the host was alive later than was known. */
  absorb({ receivedAt, beats, leastDelayMs, installedAt, stoppedAt }: HostSigns): boolean {
    const before = this.lastSignAt;
    const arrived = receivedAt + MINUTE_MS;
    this.leastDelayMs = Math.min(this.leastDelayMs, leastDelayMs ?? Infinity);
    const delayMs = Number.isFinite(this.leastDelayMs) ? this.leastDelayMs : 0;
    const alive = (told: number) => Math.min(told + delayMs, arrived);
    for (const beat of beats) this.beat(beat, alive(beat));
    if (installedAt !== null) this.lastSignAt = Math.max(this.lastSignAt, alive(installedAt));
    if (stoppedAt !== null) {
      this.stoppedAt = Math.max(this.stoppedAt, alive(stoppedAt));
      this.lastSignAt = Math.max(this.lastSignAt, this.stoppedAt);
    }
    return this.lastSignAt > before;
  }

  /** The median of the last intervals; undefined while too few are known. */
  paceMs(): number | undefined {
    return this.intervals.length < LEAST_INTERVALS ? undefined : this.medianMs;
  }

  /** Has the host missed three heartbeats by this time? While its pace is not known, a day has to pass. */
  isOverdue(now: number): boolean {
    return now - this.lastSignAt >= this.patienceMs;
  }

  /** True once per last sign: the host is overdue and has not been judged since. */
  fallsDue(now: number): boolean {
    if (this.judgedAt === this.lastSignAt || !this.isOverdue(now)) return false;
    this.judgedAt = this.lastSignAt;
    return true;
  }

  /**
   * Would a silence that falls due now tell anything? Only where the host is not stopped by a crash that it told of, its pace
   * is known, and by its own hours it ought to be alive, now and for a while: it was, at this time of day, on all comparable
   * days of the last seven. Until two such days are known, a host counts when it never paused, and only at a time of day at
   * which nobody of its region goes home.
   */
  isExpected(now: number): boolean {
    const paceMs = this.paceMs();
    if (paceMs === undefined || this.stoppedAt >= this.lastSignAt) return false;
    const isSteady = this.isSteady(now);
    if (paceMs > SLOWEST_WITH_HOURS_MS && !isSteady) return false;
    const reach = Math.min(24, Math.ceil((1.1 * paceMs) / HOUR_MS));
    const hour = hourOf(now);
    let days = 0;
    for (let back = 1; back <= DAYS_ASKED; back++) {
      const then = hour - 24 * back;
      if (hourOf(this.knownSince) > then - reach + 1) break;
      // A day that the host's present pause reaches into says nothing of its habits.
      if (then + reach > hourOf(this.lastSignAt)) continue;
      if (isWeekend(this.region, now) !== isWeekend(this.region, now - back * DAY_MS)) continue;
      if (!this.hours.any(then - reach + 1, then) || !this.hours.any(then + 1, then + reach)) return false;
      days++;
    }
    return days >= LEAST_DAYS || (isSteady && !isSwitchOffTime(this.region, now));
  }

  /** No pause in the last seven days that would have been a silence. */
  isSteady(now: number): boolean {
    return this.brokeAt < now - DAYS_ASKED * DAY_MS;
  }

  /** The class of hosts among which silences are compared: those that fall due after about the same time, and pause alike. */
  kind(now: number): string {
    const patience = Math.floor(Math.log2(this.patienceMs / LEAST_SILENCE_MS));
    return `${this.stratum}|${patience}|${this.isSteady(now) ? 'steady' : 'pausing'}`;
  }

  /** Only what comes after the latest heartbeat counts: a copy, seen or merged away before it is read, must change nothing. */
  private beat(told: number, aliveAt: number): void {
    if (told <= this.beatAt) return;
    if (this.beatAt === -Infinity) this.knownSince = aliveAt;
    else {
      const interval = told - this.beatAt;
      if (this.paceMs() !== undefined && interval >= this.patienceMs) this.brokeAt = aliveAt;
      this.intervals.push(Math.round(interval / 1_000));
      if (this.intervals.length > INTERVALS_KEPT) this.intervals.shift();
      this.setPace();
    }
    this.hours.add(hourOf(aliveAt));
    this.beatAt = told;
    this.lastSignAt = Math.max(this.lastSignAt, aliveAt);
  }

  private setPace(): void {
    const { length } = this.intervals;
    if (length < LEAST_INTERVALS - 1) return;
    this.medianMs = [...this.intervals].sort((a, b) => a - b)[length >> 1]! * 1_000;
    this.patienceMs = Math.max(LEAST_SILENCE_MS, MISSED_BEATS * this.medianMs);
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
