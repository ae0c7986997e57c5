import { type Region, regionOf } from '@ringwatch/rollout';
import { ANY_DRIVER } from '../concurrent/buckets';
import type { Crash } from '../evidence';

const HOUR_MS = 60 * 60 * 1000;

/** A crash that is told longer after the start of its hour is in no count: so an hour is complete at some time. */
export const COMPLETE_AFTER_MS = 25 * HOUR_MS;

/** So many distinct hosts crashed in one bucket (a driver, or `*` for any) and region in one hour of event time. */
export interface CrashHour {
  bucket: string;
  region: Region;
  /** Hours since 1970 UTC. */
  hour: number;
  hosts: number;
}

/** Counts of distinct hosts up to an hour, made by someone else: hours before `until` are theirs. */
export interface PastHours {
  until: number;
  counts: readonly CrashHour[];
}

/** Hosts that crashed in one hour. */
interface Hosts {
  /** By any driver; each with the region that the report said which arrived first. */
  regions: Map<string, Region>;
  /** When each of them crashed first: milliseconds of the hour. */
  firstAt: Map<string, number>;
  byDriver: Map<string, Set<string>>;
}

export function hourOf(instant: number): number {
  return Math.floor(instant / HOUR_MS);
}

/**
 * Distinct crashed hosts by bucket, region and hour of event time. Of one host, bucket and hour the report that arrived
 * first says in which region. What the counts are is a function of what arrived, so they may as well be made from the
 * store (`remember`) as from the crashes one by one (`add`).
 */
export class CrashHours {
  private readonly counts = new Map<string, Map<Region, Map<number, number>>>();
  private readonly detail = new Map<number, Hosts>();
  private rememberedUntil = -Infinity;

  /** Takes over what was counted elsewhere; before any crash is added. */
  remember({ until, counts }: PastHours): void {
    this.rememberedUntil = until;
    for (const each of counts) if (each.hour < until) this.count(each.bucket, each.region, each.hour, each.hosts);
  }

  /** Crashes have to come in the order in which they arrived, each once. */
  add(crash: Crash): void {
    const { driver, hostId, country, occurredAt, receivedAt } = crash;
    const hour = hourOf(occurredAt);
    if (hour < this.rememberedUntil || receivedAt >= hour * HOUR_MS + COMPLETE_AFTER_MS) return;
    const hosts = this.hostsIn(hour);
    const at = occurredAt - hour * HOUR_MS;
    if (!hosts.regions.has(hostId)) {
      hosts.regions.set(hostId, regionOf(country));
      this.count(ANY_DRIVER, regionOf(country), hour, 1);
    }
    if (at < (hosts.firstAt.get(hostId) ?? Infinity)) hosts.firstAt.set(hostId, at);
    let ofDriver = hosts.byDriver.get(driver);
    if (!ofDriver) hosts.byDriver.set(driver, (ofDriver = new Set()));
    if (ofDriver.has(hostId)) return;
    ofDriver.add(hostId);
    this.count(driver, regionOf(country), hour, 1);
  }

  /** Lets go of who crashed before `detailSince`, and of all counts before `since` (both hours). No figure changes. */
  forget(since: number, detailSince: number): void {
    for (const hour of this.detail.keys()) if (hour < detailSince) this.detail.delete(hour);
    for (const [bucket, regions] of this.counts) {
      for (const [region, hours] of regions) {
        for (const hour of hours.keys()) if (hour < since) hours.delete(hour);
        if (hours.size === 0) regions.delete(region);
      }
      if (regions.size === 0) this.counts.delete(bucket);
    }
  }

  buckets(): string[] {
    return [...this.counts.keys()].filter((bucket) => bucket !== ANY_DRIVER).sort();
  }

  /** Hosts per hour of the hours [since, until), all regions together. */
  series(bucket: string, since: number, until: number): Float64Array {
    const series = new Float64Array(Math.max(0, until - since));
    for (const hours of this.counts.get(bucket)?.values() ?? []) {
      for (const [hour, hosts] of hours) if (hour >= since && hour < until) series[hour - since]! += hosts;
    }
    return series;
  }

  /** Host hours per region in [since, until). */
  byRegion(bucket: string, since: number, until: number): Map<Region, number> {
    const sums = new Map<Region, number>();
    for (const [region, hours] of this.counts.get(bucket) ?? []) {
      let sum = 0;
      for (let hour = since; hour < until; hour++) sum += hours.get(hour) ?? 0;
      if (sum > 0) sums.set(region, sum);
    }
    return sums;
  }

  /**
   * Host hours of any driver per region since an instant (ms) up to an hour; of the hour in which it falls, hosts whose
   * first crash was not before it. That hour's hosts must not be forgotten yet.
   */
  anySince(since: number, until: number): Map<Region, number> {
    const hour = hourOf(since);
    const sums = this.byRegion(ANY_DRIVER, hour + 1, until);
    const hosts = this.detail.get(hour);
    for (const [hostId, region] of hosts?.regions ?? []) {
      if (hour * HOUR_MS + hosts!.firstAt.get(hostId)! >= since) sums.set(region, (sums.get(region) ?? 0) + 1);
    }
    return sums;
  }

  /** The first of the hours [since, until) in which any host crashed; undefined when none did. */
  firstHour(since: number, until: number): number | undefined {
    let first = Infinity;
    for (const hours of this.counts.get(ANY_DRIVER)?.values() ?? []) {
      for (const hour of hours.keys()) if (hour >= since && hour < until) first = Math.min(first, hour);
    }
    return first === Infinity ? undefined : first;
  }

  private hostsIn(hour: number): Hosts {
    let hosts = this.detail.get(hour);
    if (!hosts) this.detail.set(hour, (hosts = { regions: new Map(), firstAt: new Map(), byDriver: new Map() }));
    return hosts;
  }

  private count(bucket: string, region: Region, hour: number, hosts: number): void {
    let regions = this.counts.get(bucket);
    if (!regions) this.counts.set(bucket, (regions = new Map()));
    let hours = regions.get(region);
    if (!hours) regions.set(region, (hours = new Map()));
    hours.set(hour, (hours.get(hour) ?? 0) + hosts);
  }
}
