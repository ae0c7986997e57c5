import { regionOf } from '@ringwatch/rollout';
import { isWithin } from '../concurrent/host-history';
import type { Crash } from '../evidence';
import { type HistoryEvidence, historyEvidence } from '../history/history-evidence';
import { riseRatio } from '../history/rise-ratio';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';
import { countBy, mostCommon } from './count-by';
import { type Description, LOOP_CRASHES } from './describe';
import { signaturesOf, stopCodesOf } from './failures';
import type { Scope } from './scope';
import { type SecondOpinion, secondOpinionOnHistory } from './second-opinion';

/** A scope is narrow when it holds so much of these crashes, but not nearly as much of all others. */
export const NARROW_SHARE = 0.9;
export const NARROW_EXPOSURE = 0.6;

/** Where no update is judged there is nothing to have a second opinion on. */
export const noOpinion: SecondOpinion = {
  maxsprt: null,
  rateRatio: null,
  crashRate: null,
  informationComponent: null,
  knownRate: null,
};

/** Describes an update's evidence against the time before: `driver` is the one whose crashes rose. */
export function describeHistory(watch: Watch, watched: WatchedUpdate, driver: string): Description | undefined {
  const evidence = historyEvidence(watched, driver);
  if (!evidence) return undefined;
  const isLoop = (hostId: string) =>
    (watch.host(hostId)?.crashesSince(watched.startedAt) ?? []).filter((crash) => isWithin(crash, watched)).length >=
    LOOP_CRASHES;
  return {
    ...describeCrashes([...evidence.crashes.values()], driver),
    observed: evidence.crashes.size,
    crashedHosts: evidence.crashes.size,
    expected: evidence.expected,
    relativeRisk: riseRatio(evidence.observed, evidence.usual.forecast),
    exposedHosts: watched.applied.total(),
    appliedLastTenMinutes: watched.applied.lastSteps(60),
    eligibleHosts: Math.max(watched.eligible.total(), watched.applied.total()),
    otherStops: watch.otherStops(watched),
    silentHosts: 0,
    silentInOneOf: watch.silences.sample.part,
    crashLoopingHosts: [...evidence.crashes.keys()].filter(isLoop).length,
    scope: scopeOf(watched, evidence),
    concentrations: [],
    secondOpinion: secondOpinionOnHistory(evidence.crashes.size, evidence.expected, watch.policy),
  };
}

/** What the first crashes of hosts have in common. */
export function describeCrashes(crashes: readonly Crash[], driver: string) {
  return {
    driver,
    driverVersion: mostCommon(crashes, (crash) => crash.driverVersion),
    firstCrashAt:
      crashes.length === 0 ? null : crashes.reduce((least, { occurredAt }) => Math.min(least, occurredAt), Infinity),
    countries: countBy(crashes, (crash) => crash.country),
    orgs: countBy(crashes, (crash) => crash.orgId),
    osBuilds: countBy(crashes, (crash) => crash.osBuild),
    stopCodes: stopCodesOf(crashes),
    ...signaturesOf(crashes),
  };
}

/** Narrow where nearly all of these crashes, but not nearly as many of all others, are in one place. */
function scopeOf({ fleet }: WatchedUpdate, { crashes, observed }: HistoryEvidence): Scope {
  const all = [...crashes.values()];
  const least = NARROW_SHARE * all.length;
  if ((countBy(all, ({ orgId }) => orgId)[0]?.hosts ?? 0) >= least) return 'single_org';
  const top = countBy(all, ({ country }) => regionOf(country))[0];
  if (!top || top.hosts < least) return 'global';
  const others = [...fleet.reports.anySince(observed.from, observed.until)];
  const crashed = others.reduce((sum, [, hosts]) => sum + hosts, 0);
  const there = others.find(([region]) => region === top.value)?.[1] ?? 0;
  return there <= NARROW_EXPOSURE * crashed ? 'regional' : 'global';
}
