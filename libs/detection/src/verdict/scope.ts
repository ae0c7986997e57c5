import { regionOf } from '@ringwatch/rollout';
import { partsOf } from '../concurrent/curve';
import type { Crash } from '../evidence';
import type { SampledHost } from '../silence/host-sample';
import { Cluster, scan, spread } from '../statistics/scan';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';

export type Scope = 'global' | 'regional' | 'single_org' | 'single_build';

/** A host that crashed or fell silent: where and what it is, by itself and as it was first heard of. */
export type Affected = Pick<Crash, 'orgId' | 'country' | 'osBuild' | 'stratumCountry' | 'stratumOsBuild'>;

/** One way to cut the fleet: how evenly the affected hosts follow those that took the update, and where they stand out most. */
export interface Concentration {
  by: 'org' | 'region' | 'os_build';
  /** 1: as even as can be; 1/k: all in one of k equal parts. */
  spread: number;
  /** How many parts it has with hosts that took the update. */
  parts: number;
  cluster: Cluster & Shares;
  /** The part with most affected hosts. */
  top: Shares;
}

/** Of some parts of the fleet: their share of the affected hosts, and of the hosts that took the update. */
interface Shares {
  affected: number;
  exposed: number;
}

/** A scope is narrow when it holds so much of the affected hosts, but not nearly as much of those that took the update. */
const NARROW_SHARE = 0.9;
const NARROW_EXPOSURE = 0.6;
/** And when so few affected hosts would be in one part by chance once in so many times, whichever part it is. */
const BY_CHANCE_ONE_IN = 50;
/** Several regions together are a scope only if less even than this, and if chance has this little (ln) to say for it. */
const EVEN_SPREAD = 0.5;
const CLUSTER_LINE = 5;
/** Parts are asked, largest first, until they hold so much of the hosts that took the update; the rest may be too small to speak. */
const ASKED_EXPOSURE = 0.8;

/** Hosts that took an update: by stratum, and as far as they are sampled. */
interface Exposed {
  byStratum: ReadonlyArray<readonly [string, number]>;
  sampled: readonly SampledHost[];
}

/** Where hosts crash, all are asked that took the update. */
export function exposedToCrashes({ silences: { sample } }: Watch, watched: WatchedUpdate): Exposed {
  return { byStratum: watched.applied.totals(), sampled: sample.takenBy(watched.key).hosts };
}

/** Where hosts fall silent, those are asked whose silence would be seen: where it is night, hosts are switched off, and say nothing. */
export function exposedToSilence({ silences }: Watch, { key }: WatchedUpdate): Exposed {
  const sampled = silences.wouldBeSeen(silences.sample.takenBy(key).hosts);
  return { byStratum: sampled.map(({ life }) => [life.stratum, 1] as const), sampled };
}

/** Organisations (as far as sampled hosts show them), regions and OS builds, where hosts that took the update are known. */
export function concentrations({ byStratum, sampled }: Exposed, affected: readonly Affected[]): Concentration[] {
  const exposedBy = (part: 0 | 1) => byStratum.map(([stratum, hosts]) => [partsOf(stratum)[part], hosts] as const);
  const cuts = [
    concentration(
      'org',
      affected.map(({ orgId }) => orgId),
      sampled.map(({ life }) => [life.orgId, 1] as const),
    ),
    concentration(
      'region',
      affected.map(({ stratumCountry }) => regionOf(stratumCountry)),
      exposedBy(1),
    ),
    concentration(
      'os_build',
      affected.map(({ stratumOsBuild }) => stratumOsBuild),
      exposedBy(0),
    ),
  ];
  return cuts.flatMap((cut) => cut ?? []);
}

function concentration(
  by: Concentration['by'],
  affected: readonly string[],
  exposed: ReadonlyArray<readonly [string, number]>,
): Concentration | undefined {
  const hosts = new Map<string, number>();
  for (const [name, count] of exposed) hosts.set(name, (hosts.get(name) ?? 0) + count);
  const all = [...hosts.values()].reduce((sum, count) => sum + count, 0);
  if (all === 0 || affected.length === 0) return undefined;
  const counted = new Map<string, number>();
  for (const name of affected) counted.set(name, (counted.get(name) ?? 0) + 1);
  const units = [...hosts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name, count]) => ({ name, exposed: count, observed: counted.get(name) ?? 0 }));
  const cluster = scan(units.map((unit) => ({ ...unit, expected: (affected.length * unit.exposed) / all })));
  const sharesOf = (names: readonly string[]): Shares => {
    const chosen = units.filter(({ name }) => names.includes(name));
    const total = (value: 'observed' | 'exposed') => chosen.reduce((sum, unit) => sum + unit[value], 0);
    return { affected: total('observed') / affected.length, exposed: total('exposed') / all };
  };
  const top = units.reduce((most, unit) => (unit.observed > most.observed ? unit : most));
  return {
    by,
    spread: spread(largest(units, all)),
    parts: units.length,
    cluster: { ...cluster, ...sharesOf(cluster.names) },
    top: sharesOf([top.name]),
  };
}

/** The largest units that together hold most of the exposure. */
function largest<Unit extends { exposed: number }>(units: readonly Unit[], all: number): Unit[] {
  let held = 0;
  const enough = units.findIndex(({ exposed }) => (held += exposed) >= ASKED_EXPOSURE * all);
  return units.slice(0, enough + 1);
}

/** What to call it. One organisation counts by itself: whether others were exposed is known from a sample at best. */
export function scopeOf(affected: readonly Affected[], found: readonly Concentration[]): Scope {
  const orgs = new Map<string, number>();
  for (const { orgId } of affected) orgs.set(orgId, (orgs.get(orgId) ?? 0) + 1);
  if (affected.length > 0 && Math.max(...orgs.values()) >= NARROW_SHARE * affected.length) return 'single_org';
  const isOne = (by: Concentration['by']) =>
    found.some((each) => each.by === by && isNarrow(each.top) && isBeyondChance(each, affected.length));
  if (isOne('os_build')) return 'single_build';
  const isRegional = found.some(
    ({ by, cluster, spread: evenness }) =>
      by === 'region' && isNarrow(cluster) && evenness < EVEN_SPREAD && cluster.lnRatio >= CLUSTER_LINE,
  );
  return isOne('region') || isRegional ? 'regional' : 'global';
}

function isNarrow({ affected, exposed }: Shares): boolean {
  return affected >= NARROW_SHARE && exposed <= NARROW_EXPOSURE;
}

/** The first five hosts of a global failure are all of the region that holds half of the fleet once in 32 times. */
function isBeyondChance({ top, parts }: Concentration, hosts: number): boolean {
  return hosts * divergence(top.affected, top.exposed) - Math.log(parts) >= Math.log(BY_CHANCE_ONE_IN);
}

/** Kullback-Leibler divergence of two shares: ln of how much likelier a host is to be there, or not, than by chance. */
function divergence(share: number, byChance: number): number {
  const term = (p: number, q: number) => (p === 0 ? 0 : p * Math.log(p / q));
  return term(share, byChance) + term(1 - share, 1 - byChance);
}
