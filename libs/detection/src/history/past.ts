import type { Region } from '@ringwatch/rollout';
import { ANY_DRIVER } from '../concurrent/buckets';
import { type CrashHours, hourOf } from './crash-hours';
import { type Forecast, forecast } from './forecast';
import { WEEK_HOURS, noSeason, seasonOf } from './season';

/** So far back history is asked. */
export const HISTORY_HOURS = 8 * WEEK_HOURS;
/** The newest hours are not history yet: crashes of theirs may still be told. */
const INCOMPLETE_HOURS = 25;

/** A region's mix starts with that of all regions, worth so many crashed hosts. */
const REGION_PRIOR_HOSTS = 50;
/** A host that moved within an hour may be counted in one region for a driver and in another for all. */
const MOST_SHARE = 0.999;

/** What was usual of a bucket before an hour. */
export interface Usual {
  forecast: Forecast;
  /** Its share of all crashed hosts of a region, strictly between 0 and 1. */
  shareIn: (region: Region) => number;
  /** The share of a region among all crashed hosts. */
  regionShare: (region: Region) => number;
  /** How many hours of history there are; 0 where there is none. */
  knownHours: number;
}

/** What happened before, bucket by bucket. Of complete hours only, so that the answer never changes and is kept. */
export class Past {
  private readonly known = new Map<string, Usual>();

  constructor(private readonly hours: CrashHours) {}

  /** What was usual before an instant (ms), which must have arrived. */
  before(instant: number, bucket: string): Usual {
    const until = hourOf(instant) - INCOMPLETE_HOURS;
    const key = `${until} ${bucket}`;
    let usual = this.known.get(key);
    if (!usual) this.known.set(key, (usual = this.learn(bucket, until)));
    return usual;
  }

  /** Lets go of what was usual before hours earlier than this one. */
  forget(sinceHour: number): void {
    for (const key of this.known.keys())
      if (Number.parseInt(key) < sinceHour - INCOMPLETE_HOURS) this.known.delete(key);
  }

  private learn(bucket: string, until: number): Usual {
    const since = this.hours.firstHour(until - HISTORY_HOURS, until) ?? until;
    const all = this.hours.series(ANY_DRIVER, since, until);
    const series = this.hours.series(bucket, since, until);
    return {
      forecast: forecast({ since, series }, seasonOf(all, since, noSeason)),
      shareIn: this.shares(bucket, since, until),
      regionShare: regionShares(this.hours.byRegion(ANY_DRIVER, since, until)),
      knownHours: until - since,
    };
  }

  private shares(bucket: string, since: number, until: number): Usual['shareIn'] {
    const all = this.hours.byRegion(ANY_DRIVER, since, until);
    const own = this.hours.byRegion(bucket, since, until);
    const share = (sum(own) + 0.5) / (sum(all) + 1);
    return (region) => {
      const [inRegion, ofAll] = [own.get(region) ?? 0, all.get(region) ?? 0];
      return Math.min(MOST_SHARE, (inRegion + REGION_PRIOR_HOSTS * share) / (ofAll + REGION_PRIOR_HOSTS));
    };
  }
}

function regionShares(hosts: ReadonlyMap<Region, number>): Usual['regionShare'] {
  const all = sum(hosts);
  return (region) => (all === 0 ? 0 : (hosts.get(region) ?? 0) / all);
}

function sum(hosts: ReadonlyMap<Region, number>): number {
  return [...hosts.values()].reduce((total, each) => total + each, 0);
}
