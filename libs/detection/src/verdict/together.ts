import { BucketCells, Exposure } from '../concurrent/bucket-cells';
import { lnMixture, logSumExp } from '../concurrent/contrast';
import { StratumCurves, binOf } from '../concurrent/curve';
import { type Contribution, ageWindows } from '../concurrent/host-history';
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
    const windows = cells[name].sums(exposure, watch.policy.minRelativeRisk);
    return logSumExp(windows.map(lnMixture)) - Math.log(windows.length);
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
  const curves = { ...emptyCurves(), eligible: new StratumCurves() };
  const runsBoth = ({ channels }: { channels: Set<string> }) =>
    channels.has(first.channel) && channels.has(second.channel);
  for (const host of sample.all()) if (runsBoth(host)) curves.eligible.add(host.life.stratum, -Infinity, 1);
  const takenAt = (watched: WatchedUpdate) => {
    const { hosts, appliedAt } = sample.takenBy(watched.key);
    return new Map(hosts.flatMap((host, index) => (runsBoth(host) ? [[host, appliedAt[index]!] as const] : [])));
  };
  const [one, other] = [takenAt(first), takenAt(second)];
  const since = new Map<string, number>();
  for (const [{ life }, at] of other) curves.second.add(life.stratum, binOf(at), 1);
  for (const [host, at] of one) {
    const { stratum } = host.life;
    curves.first.add(stratum, binOf(at), 1);
    const otherAt = other.get(host);
    if (otherAt === undefined) continue;
    const bin = binOf(Math.max(at, otherAt));
    curves.both.add(stratum, bin, 1);
    since.set(stratum, Math.min(bin, since.get(stratum) ?? Infinity));
  }
  for (const [stratum, bin] of since) curves.both.add(stratum, bin, ADDED_HOSTS);
  return curves;
}

function emptyCurves(): Record<keyof Explanations, StratumCurves> {
  return { first: new StratumCurves(), second: new StratumCurves(), both: new StratumCurves() };
}
