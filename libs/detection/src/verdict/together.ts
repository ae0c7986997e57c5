import { ageWindows } from '../concurrent/age-windows';
import { BucketCells, Exposure } from '../concurrent/bucket-cells';
import { StratumCurves, binOf } from '../concurrent/curve';
import type { Contribution } from '../concurrent/host-history';
import type { SampledHost } from '../silence/host-sample';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';

/** ln E of three explanations of the same crashes: one update, the other, or only both of them on one host. */
export interface Explanations {
  first: number;
  second: number;
  both: number;
}

/** So many sampled hosts are added to those that took both: where few are known, the share of both is rather set too high. */
const ADDED_HOSTS = 2;

/**
 * How well does "only hosts that had taken both" explain the crashes of one bucket, next to each update alone? All three are
 * asked of hosts that run both channels: the crashed ones, and those of the sample for the shares. Undefined where nobody
 * sampled has taken both.
 */
export function explanations(
  watch: Watch,
  first: WatchedUpdate,
  second: WatchedUpdate,
  bucket: string,
): Explanations | undefined {
  const curves = sampledCurves(watch, first, second);
  if (curves.both.total() === 0) return undefined;
  const cells = { first: cellsOf(watch), second: cellsOf(watch), both: cellsOf(watch) };
  for (const [one, other] of sharedCrashes(first, second, bucket)) {
    cells.first.count(one, 1);
    cells.second.count(other, 1);
    cells.both.count({ ...one, ageBins: youngest(one, other) }, 1);
  }
  const lnE = (name: keyof Explanations, watched: WatchedUpdate) => {
    const exposure: Exposure = { applied: curves[name], eligible: curves.eligible, awake: watched.awake };
    return cells[name].lnEvidence(exposure, watch.policy.minRelativeRisk);
  };
  return { first: lnE('first', first), second: lnE('second', second), both: lnE('both', first) };
}

function cellsOf(watch: Watch): BucketCells {
  return new BucketCells(ageWindows(watch.policy));
}

/** Bins since a host had both updates; undefined where it had not. */
function youngest(one: Contribution, other: Contribution): number | undefined {
  if (one.ageBins === undefined || other.ageBins === undefined) return undefined;
  return Math.min(one.ageBins, other.ageBins);
}

/** What hosts add to a bucket of both updates with the same crash, in order of their names. */
function sharedCrashes(
  first: WatchedUpdate,
  second: WatchedUpdate,
  bucket: string,
): Array<[Contribution, Contribution]> {
  const others = new Map(second.contributions());
  return first.contributions().flatMap(([hostId, contributions]) => {
    const one = contributions.find((each) => each.bucket === bucket);
    const other = others.get(hostId)?.find((each) => each.bucket === bucket);
    return one && other && one.crash.eventId === other.crash.eventId
      ? [[one, other] as [Contribution, Contribution]]
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
  const both = [...one].flatMap(([host, bin]) => {
    const otherBin = other.get(host);
    return otherBin === undefined ? [] : [[host, Math.max(bin, otherBin)] as const];
  });
  const eligible = [...sample.all()].filter(runsBoth).map((host) => [host, -Infinity] as const);
  return {
    first: curvesOf(one),
    second: curvesOf(other),
    both: curvesOf(both, ADDED_HOSTS),
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
