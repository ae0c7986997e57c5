import type { HostHistory } from '../concurrent/host-history';
import type { KeptCrashes } from '../concurrent/kept-crashes';
import type { Crash } from '../evidence';
import { CrashHours, type PastHours, hourOf } from './crash-hours';
import { HISTORY_HOURS, Past } from './past';

const HOUR_MS = 60 * 60 * 1000;
/** Single crashes are kept for so long after they arrived, whether or not an update is under watch. */
export const KEPT_MS = 26 * HOUR_MS;

/** What crash reports alone tell, of whoever took which update: who crashed lately, and how many did before. */
export class Reports {
  readonly past: Past;
  private readonly hours = new CrashHours();
  private readonly byDriver = new Map<string, Set<string>>();
  private latest = -Infinity;

  constructor(
    private readonly hosts: ReadonlyMap<string, HostHistory>,
    private readonly kept: KeptCrashes,
  ) {
    this.past = new Past(this.hours);
  }

  /** Takes over counts of the time before the first crash that is added. */
  remember(past: PastHours): void {
    this.hours.remember(past);
  }

  /** Crashes have to come in the order in which they arrived, each once. */
  add(crash: Crash): void {
    this.hours.add(crash);
    this.latest = Math.max(this.latest, crash.receivedAt);
    this.addToDriver(crash);
  }

  private addToDriver({ driver, hostId }: Crash): void {
    const hosts = this.byDriver.get(driver);
    if (hosts) hosts.add(hostId);
    else this.byDriver.set(driver, new Set([hostId]));
  }

  /** When the newest crash arrived (ms), or the hour began that is decided, whichever is later: time goes on without crashes. */
  knownUntil(decidedHour: number): number {
    return Math.max(this.latest, decidedHour);
  }

  /** How many hosts a driver crashed, as far as they are kept. */
  hostCount(driver: string): number {
    return this.byDriver.get(driver)?.size ?? 0;
  }

  /** Crashes whose driver had loaded content of this channel; in no order. */
  naming(channel: string): readonly Crash[] {
    return this.kept.naming(channel);
  }

  /** Hosts with a crash by this driver, each with its crashes; in no order. */
  hostsOf(driver: string): Array<[string, HostHistory]> {
    return [...(this.byDriver.get(driver) ?? [])].flatMap((hostId): Array<[string, HostHistory]> => {
      const host = this.hosts.get(hostId);
      return host ? [[hostId, host]] : [];
    });
  }

  /** The first crash of each host by this driver in a span of event time (ms). */
  crashesBetween(driver: string, since: number, until: number): Map<string, Crash> {
    const firsts = new Map<string, Crash>();
    for (const hostId of this.byDriver.get(driver) ?? []) {
      const first = this.hosts.get(hostId)?.firstCrashSince(since, driver);
      if (first && first.occurredAt < until) firsts.set(hostId, first);
    }
    return firsts;
  }

  /** Host hours of any driver by region since an instant, up to the hour of another (ms). */
  anySince(since: number, until: number) {
    return this.hours.anySince(since, hourOf(until) + 1);
  }

  buckets(): string[] {
    return this.hours.buckets();
  }

  /** Called when crashes that arrived before `neededSince` (ms) are forgotten; `watchedSince` is the oldest that is watched. */
  forget(neededSince: number, watchedSince: number): void {
    this.byDriver.clear();
    for (const host of this.hosts.values()) for (const crash of host.crashesSince(-Infinity)) this.addToDriver(crash);
    this.hours.forget(hourOf(watchedSince) - HISTORY_HOURS - FORGET_SLACK_HOURS, hourOf(neededSince));
    this.past.forget(hourOf(watchedSince) - FORGET_SLACK_HOURS);
  }
}

/** Updates may have started a day before they were first heard of, and history ends a day before that. */
const FORGET_SLACK_HOURS = 72;
