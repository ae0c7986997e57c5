import { ageWindows } from '../concurrent/age-windows';
import { BucketCells } from '../concurrent/bucket-cells';
import { StratumCurves, binOf } from '../concurrent/curve';
import type { Contribution } from '../concurrent/host-history';
import type { SampledHost } from '../silence/host-sample';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';

/**
 * ln E of three explanations of the same crashes: one update, the other, or only both of them on one host. `inStep`: of each
 * alone, with hosts that took both taken to have got them at once. Which of two came last on the same hosts says nothing of
 * which is to blame, though fewer hosts have it yet and the same crashes so look rarer by chance; hosts that took one only do.
 */
export interface Explanations {
  first: number;
  second: number;
  both: number;
  inStep: { first: number; second: number };
}

/** So many sampled hosts are added to those that took both: where few are known, the share of both is rather set too high. */
const ADDED_HOSTS = 2;

/**
 * How well does "only hosts that had taken both" explain the crashes of one bucket, next to each update alone? All are
 * asked of hosts that run both channels: the crashed ones, and those of the sample for the shares. Undefined where nobody
 * sampled has taken both, or no host crashed that runs both.
 */
export function explanations(
  watch: Watch,
  first: WatchedUpdate,
  second: WatchedUpdate,
  bucket: string,
): Explanations | undefined {
  const curves = sampledCurves(watch, first, second);
  const crashes = sharedCrashes(first, second, bucket);
  if (curves.both.total() === 0 || crashes.length === 0) return undefined;
  const lnE = (applied: StratumCurves, { awake }: WatchedUpdate, ofCrash: (crash: SharedCrash) => Contribution) => {
    const cells = new BucketCells(ageWindows(watch.policy));
    for (const crash of crashes) cells.count(ofCrash(crash), 1);
    return cells.lnEvidence({ applied, eligible: curves.eligible, awake }, watch.policy.minRelativeRisk);
  };
  return {
    first: lnE(curves.first, first, ({ one }) => one),
    second: lnE(curves.second, second, ({ other }) => other),
    both: lnE(curves.both, first, ({ one, sinceBoth }) => ({ ...one, ageBins: sinceBoth })),
    inStep: {
      first: lnE(curves.firstInStep, first, ({ one, sinceBoth }) => ({ ...one, ageBins: sinceBoth ?? one.ageBins })),
      second: lnE(curves.secondInStep, second, ({ other, sinceBoth }) => ({
        ...other,
        ageBins: sinceBoth ?? other.ageBins,
      })),
    },
  };
}

/** The same crash as it counts for each of two updates, and bins since its host had both; undefined where it had not. */
interface SharedCrash {
  one: Contribution;
  other: Contribution;
  sinceBoth: number | undefined;
}

/** Bins since a host had both updates; undefined where it had not. */
function youngest(one: Contribution, other: Contribution): number | undefined {
  if (one.ageBins === undefined || other.ageBins === undefined) return undefined;
  return Math.min(one.ageBins, other.ageBins);
}

/** What hosts add to a bucket of both updates with the same crash, in order of their names. */
function sharedCrashes(first: WatchedUpdate, second: WatchedUpdate, bucket: string): SharedCrash[] {
  const others = new Map(second.contributions());
  return first.contributions().flatMap(([hostId, contributions]) => {
    const one = contributions.find((each) => each.bucket === bucket);
    const other = others.get(hostId)?.find((each) => each.bucket === bucket);
    return one && other && one.crash.eventId === other.crash.eventId
      ? [{ one, other, sinceBoth: youngest(one, other) }]
      : [];
  });
}

/** Adoption among sampled hosts that run both channels, by stratum. */
function sampledCurves({ silences: { sample } }: Watch, first: WatchedUpdate, second: WatchedUpdate) {
  const runsBoth = ({ channels }: SampledHost) => channels.has(first.channel) && channels.has(second.channel);
  const takenAt = ({ key }: WatchedUpdate) => {
    const { hosts, appliedAt } = sample.takenBy(key);
    const taken = hosts.map((host, index) => [host, binOf(appliedAt[index]!)] as const);
    return new Map(taken.filter(([host]) => runsBoth(host)));
  };
  const [one, other] = [takenAt(first), takenAt(second)];
  const both = new Map(
    [...one].flatMap(([host, bin]) => {
      const otherBin = other.get(host);
      return otherBin === undefined ? [] : [[host, Math.max(bin, otherBin)] as const];
    }),
  );
  const inStep = (taken: ReadonlyMap<SampledHost, number>) =>
    [...taken].map(([host, bin]) => [host, both.get(host) ?? bin] as const);
  const eligible = [...sample.all()].filter(runsBoth).map((host) => [host, -Infinity] as const);
  return {
    first: curvesOf(one),
    second: curvesOf(other),
    both: curvesOf(both, ADDED_HOSTS),
    firstInStep: curvesOf(inStep(one)),
    secondInStep: curvesOf(inStep(other)),
    eligible: curvesOf(eligible),
  };
}

/** Counts hosts by stratum and the bin in which they came; `added` more in each stratum's first bin. */
function curvesOf(hosts: Iterable<readonly [SampledHost, number]>, added = 0): StratumCurves {
  const counts = new Map<string, Map<number, number>>();
  for (const [{ life }, bin] of hosts) {
    let ofStratum = counts.get(life.stratum);
    if (!ofStratum) counts.set(life.stratum, (ofStratum = new Map()));
    ofStratum.set(bin, (ofStratum.get(bin) ?? 0) + 1);
  }
  const curves = new StratumCurves();
  for (const [stratum, ofStratum] of counts) {
    const inOrder = [...ofStratum].sort(([a], [b]) => a - b);
    if (added > 0) curves.add(stratum, inOrder[0]![0], added);
    for (const [bin, count] of inOrder) curves.add(stratum, bin, count);
  }
  return curves;
}
