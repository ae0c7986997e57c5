import type { RandomSource } from '@ringwatch/fleet';
import { type CrashHour, type PastHours, hourOf } from '@ringwatch/detection';
import { regionOf } from '@ringwatch/rollout';
import type { Drivers } from './crashes';
import type { Fleet } from './fleet';

/** So many hours before a run are known; more than the week that the detector asks for, less than it would use, to save time. */
const KNOWN_HOURS = 15 * 24;

/** Crashed hosts by driver, region and hour before the run, drawn at the usual rates. */
export function pastHours(
  fleet: Fleet,
  drivers: Drivers,
  perHostDay: number,
  until: number,
  random: RandomSource,
): PastHours {
  const hosts = new Map<ReturnType<typeof regionOf>, number>();
  for (const { country, hosts: some } of fleet.strata) {
    hosts.set(regionOf(country), (hosts.get(regionOf(country)) ?? 0) + some);
  }
  const last = hourOf(until);
  const counts: CrashHour[] = [];
  for (const [region, some] of hosts) {
    for (let hour = last - KNOWN_HOURS; hour < last; hour++) {
      let all = 0;
      for (const { driver, share } of drivers) {
        const crashed = random.poisson((some * perHostDay * share) / 24);
        if (crashed > 0) counts.push({ bucket: driver, region, hour, hosts: crashed });
        all += crashed;
      }
      if (all > 0) counts.push({ bucket: '*', region, hour, hosts: all });
    }
  }
  return { until: last, counts };
}
