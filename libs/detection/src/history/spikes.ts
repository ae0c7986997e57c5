import { type Region, regionOf } from '@ringwatch/rollout';
import type { Crash } from '../evidence';
import { alarmLine } from '../policy';
import { countBy } from '../verdict/count-by';
import { NARROW_EXPOSURE, NARROW_SHARE } from '../verdict/describe-history';
import type { Watch } from '../watch';
import { lnEvidenceOfMixChange } from './mix-change';
import type { Usual } from './past';
import { expectedHosts, lnEvidenceOfRise } from './rate-rise';
import { tookAnothersPlace } from './renamed';
import { WEEK_HOURS } from './season';

const MINUTE_MS = 60_000;
/** Windows that end now, in minutes. Each starts on a grid of a fifth of its length, so that few are looked at. */
const WINDOWS_MIN = [5, 15, 60, 240];
const LONGEST_MS = Math.max(...WINDOWS_MIN) * MINUTE_MS;

/** A driver's crashes in a window, against what was usual, whatever updates there are. */
export interface Spike {
  driver: string;
  since: number;
  until: number;
  /** The first crash of each host in the window. */
  crashes: Map<string, Crash>;
  usual: Usual;
  expected: number;
  lnMix: number;
  lnRise: number;
  /** The smaller of the two: the mix of crashes changed and the rate rose. */
  statistic: number;
  /** The same without the organisation that has most hosts in it. */
  leaveOneOrgOut: number;
  line: number;
}

/**
 * Drivers of which far more hosts crash than usual, at a tick (ms), with the window that says most. Silent while there is
 * less than a week of history, for what everybody has (Patch Tuesday), what one region or one organisation has, and what
 * another driver has as many fewer of (a rename).
 */
export function spikes(watch: Watch, tick: number, drivers: Iterable<string>): Spike[] {
  return [...drivers].sort().flatMap((driver): Spike[] => {
    const strongest = strongestSpike(watch, driver, tick);
    return strongest && isAlarm(watch, strongest) ? [strongest] : [];
  });
}

/** The window that says most of a driver; undefined without a week of history or a host. */
export function strongestSpike(watch: Watch, driver: string, tick: number): Spike | undefined {
  const { reports, policy } = watch;
  if (reports.hostCount(driver) < policy.minHosts) return undefined;
  const starts = WINDOWS_MIN.map((minutes) => {
    const step = (minutes * MINUTE_MS) / 5;
    return Math.floor((tick - minutes * MINUTE_MS) / step) * step;
  });
  return starts
    .flatMap((since) => spikeSince(watch, driver, since, tick) ?? [])
    .reduce<Spike | undefined>((best, each) => (best && best.statistic >= each.statistic ? best : each), undefined);
}

/** What a window from an instant to a tick says of a driver. */
export function spikeSince(watch: Watch, driver: string, since: number, tick: number): Spike | undefined {
  const { reports, policy } = watch;
  const usual = reports.past.before(tick - LONGEST_MS, driver);
  if (usual.knownHours < WEEK_HOURS) return undefined;
  const crashes = reports.crashesBetween(driver, since, tick);
  const any = reports.anySince(since, tick);
  const evidenceOf = (hosts: number) => {
    const lnMix = lnEvidenceOfMixChange(hosts, any, usual);
    const lnRise = lnEvidenceOfRise({ hosts, from: since, until: tick }, usual.forecast, policy.minRelativeRisk);
    return { lnMix, lnRise, statistic: Math.min(lnMix, lnRise) };
  };
  const largestOrg = countBy([...crashes.values()], ({ orgId }) => orgId)[0]?.hosts ?? 0;
  return {
    ...{ driver, since, until: tick, crashes, usual },
    expected: expectedHosts({ from: since, until: tick }, usual.forecast),
    ...evidenceOf(crashes.size),
    leaveOneOrgOut: evidenceOf(crashes.size - largestOrg).statistic,
    // One alarm in a million for all drivers and windows together.
    line: alarmLine(policy) + Math.log(WINDOWS_MIN.length * Math.max(1, reports.buckets().length)),
  };
}

function isAlarm(watch: Watch, spike: Spike): boolean {
  const { crashes, statistic, leaveOneOrgOut, line } = spike;
  const orgs = new Set([...crashes.values()].map(({ orgId }) => orgId)).size;
  if (statistic < line || leaveOneOrgOut < line) return false;
  if (crashes.size < watch.policy.minHosts || orgs < watch.policy.minOrgs) return false;
  return !isRegional(spike) && !tookAnothersPlace(watch.reports, spike);
}

/** Nearly all of it is in a region where not nearly as many crashes usually are: a power cut, a heat wave, a provider. */
function isRegional({ crashes, usual }: Spike): boolean {
  const top = countBy([...crashes.values()], ({ country }) => regionOf(country))[0];
  if (!top || top.hosts < NARROW_SHARE * crashes.size) return false;
  return usual.regionShare(top.value as Region) <= NARROW_EXPOSURE;
}
