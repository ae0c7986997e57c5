import { ageWindows } from '../concurrent/age-windows';
import type { BucketCells } from '../concurrent/bucket-cells';
import { driverOf, levelOf } from '../concurrent/buckets';
import type { Contribution } from '../concurrent/host-history';
import { relativeRisk } from '../concurrent/relative-risk';
import { type Keep, historyEvidence } from '../history/history-evidence';
import { tookAnothersPlace } from '../history/renamed';
import { allButOneOfEachClump } from './clumps';
import { countBy } from './count-by';
import { BucketEvidence, Measured, isHalfCompared, isWeaker, leadingBucket, measure } from './measure';
import { DetectionPolicy, alarmLine } from '../policy';
import type { Silence } from '../silence/silence';
import type { WatchedUpdate } from '../watched-update';

/** What has to hold besides the statistic before anyone is woken. */
export interface Guards {
  hosts: number;
  orgs: number;
  /** The statistic without the organisation that supports it most; below the line the evidence hangs on one customer. */
  leaveOneOrgOut: number;
  hold: boolean;
}

/** Hosts of one organisation that crash within the same seconds may have a cause of their site: they count once. */
const CLUMP_MS = 10_000;
/** At least so many organisations are left out in turn, so that a person sees how firm the evidence is. */
const LEAST_TRIED = 10;
/** No more are, those with most crashed hosts first, where the time before has a say. */
const MOST_TRIED = 50;

/** Counts the crashed hosts of the leading bucket that had applied the update, and leaves one organisation out at a time. */
export function guard(watched: WatchedUpdate, measured: Measured, policy: DetectionPolicy): Guards {
  return guardUntil(-Infinity, watched, measured, policy);
}

/**
 * Do they hold? Leaves out no more organisations once one is found without which the evidence stays below the line: what is held back
 * for days is asked at every tick.
 */
export function guardsHold(watched: WatchedUpdate, measured: Measured, policy: DetectionPolicy): boolean {
  return guardUntil(alarmLine(policy), watched, measured, policy).hold;
}

/** Ends at the first organisation whose absence leaves less than `enough`. */
function guardUntil(enough: number, watched: WatchedUpdate, measured: Measured, policy: DetectionPolicy): Guards {
  const leading = leadingBucket(measured);
  if (leading && isWeaker(measured)) return guardHistory(enough, watched, measured, policy);
  const treated = treatedHosts(watched, leading);
  const hosts = new Set(treated.map(({ hostId }) => hostId)).size;
  const orgs = new Set(treated.map(({ orgId }) => orgId)).size;
  if (!leading || hosts < policy.minHosts || orgs < policy.minOrgs)
    return { hosts, orgs, leaveOneOrgOut: 0, hold: false };
  const leaveOneOrgOut = leastWithoutOne(enough, watched, leading, policy);
  const hold = leaveOneOrgOut >= alarmLine(policy) && isMoreThanRelabelled(watched, leading, policy);
  return { hosts, orgs, leaveOneOrgOut, hold };
}

/**
 * A new build may fail in the same old way under another code: its new signature is then seen on treated hosts only, while
 * its driver crashes no more than before. So a signature speaks only where its driver as a whole crashes more often, at the ages at
 * which the signature says most: at all ages a late effect meets nobody without the update any more.
 */
function isMoreThanRelabelled(watched: WatchedUpdate, { bucket }: BucketEvidence, policy: DetectionPolicy): boolean {
  if (levelOf(bucket) !== 'signature') return true;
  const { window } = strongestCell(watched, watched.cells().get(bucket)!, policy);
  const cells = watched.cells().get(driverOf(bucket)!);
  return relativeRisk(cells?.contrasts(watched.exposure(), window) ?? []).low > 1;
}

/** The hosts of a bucket that had applied the update. */
function treatedHosts(
  watched: WatchedUpdate,
  leading: BucketEvidence | undefined,
): Array<{ hostId: string; orgId: string }> {
  if (leading?.channel === 'silence') return watched.silence.treatedSilences();
  return watched
    .contributions()
    .flatMap(([hostId, contributions]) =>
      contributions
        .filter((each) => each.bucket === leading?.bucket && each.ageBins !== undefined)
        .map(({ crash }) => ({ hostId, orgId: crash.orgId })),
    );
}

/** The same for crashes that are compared with the time before. The fewer, the less they say: the largest organisation is left out. */
function guardHistory(enough: number, watched: WatchedUpdate, measured: Measured, policy: DetectionPolicy): Guards {
  const driver = leadingBucket(measured)!.bucket;
  const evidence = historyEvidence(watched, driver);
  const crashes = [...(evidence?.crashes.values() ?? [])];
  const byOrg = countBy(crashes, ({ orgId }) => orgId);
  const [hosts, orgs] = [crashes.length, byOrg.length];
  if (!evidence || hosts < policy.minHosts || orgs < policy.minOrgs)
    return { hosts, orgs, leaveOneOrgOut: 0, hold: false };
  // Whose crashes say most to the comparison of hosts is not always the largest.
  const tried = byOrg.slice(0, isHalfCompared(measured, policy) ? MOST_TRIED : 1);
  let leaveOneOrgOut = Infinity;
  for (const { value } of tried) {
    if (leaveOneOrgOut < enough) break;
    leaveOneOrgOut = Math.min(leaveOneOrgOut, statisticWithout(watched, value, policy));
  }
  const { from: since, until } = evidence.observed;
  const isRename = tookAnothersPlace(watched.fleet.reports, { driver, since, until, crashes: evidence.crashes });
  return { hosts, orgs, leaveOneOrgOut, hold: leaveOneOrgOut >= alarmLine(policy) && !isRename };
}

/**
 * The least statistic that any organisation's absence leaves. Organisations are tried in the order of what they add to the
 * strongest term of the evidence, a sum over hosts; once that term alone would stay over the line without the next one, it
 * does so without any later one, and the search ends. Counting an organisation's crashes instead would miss one that fakes
 * a few at the very start, when each weighs most.
 */
function leastWithoutOne(
  enough: number,
  watched: WatchedUpdate,
  bucket: BucketEvidence,
  policy: DetectionPolicy,
): number {
  const rest = allButOneOfEachClump(
    watched.contributions().flatMap(([, each]) => each),
    CLUMP_MS,
  );
  const counts = (contribution: Contribution) => !rest.has(contribution);
  const { lnTerm, supportByOrg } = strongestTerm(watched, bucket, counts, policy);
  const line = alarmLine(policy);
  let least = Infinity;
  for (const [tried, [org, support]] of supportByOrg.entries()) {
    if (least < enough || (tried >= LEAST_TRIED && (least < line || lnTerm - support >= line))) break;
    least = Math.min(least, statisticWithout(watched, org, policy, counts));
  }
  return least;
}

function statisticWithout(
  watched: WatchedUpdate,
  org: string,
  policy: DetectionPolicy,
  counts: (contribution: Contribution) => boolean = () => true,
): number {
  const rest = watched.cellsWhere((_, each) => each.crash.orgId !== org && counts(each));
  const keeps = ({ orgId }: Silence) => orgId !== org;
  const keep: Keep = (_, { orgId }) => orgId !== org;
  return measure(watched, policy, rest, keeps, keep).statistic;
}

/** The largest term of the leading bucket's mixture, with its weights, and what each organisation adds to it, most first. */
function strongestTerm(
  watched: WatchedUpdate,
  bucket: BucketEvidence,
  counts: (contribution: Contribution) => boolean,
  policy: DetectionPolicy,
) {
  if (bucket.channel === 'silence') return strongestTermOfSilence(watched, bucket);
  const cells = watched.cellsWhere((_, each) => counts(each)).get(bucket.bucket)!;
  const { window, ratio, lnTerm } = strongestCell(watched, cells, policy);
  const supportByOrg = new Map<string, number>();
  for (const [, contributions] of watched.contributions()) {
    for (const contribution of contributions) {
      const { orgId } = contribution.crash;
      const gain =
        contribution.bucket === bucket.bucket && counts(contribution)
          ? cells.gainOf(contribution, watched.exposure(), window, watched.nullRatio.ratio)[ratio]!
          : 0;
      supportByOrg.set(orgId, (supportByOrg.get(orgId) ?? 0) + gain);
    }
  }
  return {
    lnTerm: Math.log(bucket.weight) + lnTerm,
    supportByOrg: [...supportByOrg].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
  };
}

/** Which age window and ratio of a bucket's mixture say most. */
function strongestCell(watched: WatchedUpdate, cells: BucketCells, policy: DetectionPolicy) {
  const windows = ageWindows(policy);
  return cells
    .sums(watched.exposure(), watched.nullRatio.ratio)
    .flatMap((sums, window) =>
      [...sums].map((sum, ratio) => ({ window, ratio, lnTerm: sum + Math.log(windows[window]!.weight / sums.length) })),
    )
    .reduce((best, each) => (each.lnTerm > best.lnTerm ? each : best));
}

/** The same of hosts that fell silent. */
function strongestTermOfSilence({ silence, nullRatio }: WatchedUpdate, bucket: BucketEvidence) {
  const all = silence.sums(nullRatio.ratio);
  const terms = all.flatMap((sums, window) => [...sums].map((sum, ratio) => ({ window, ratio, sum })));
  const { window, ratio, sum } = terms.reduce((best, each) => (each.sum > best.sum ? each : best));
  const supportByOrg = silence.gainsByOrg(window, ratio, nullRatio.ratio);
  return {
    lnTerm: Math.log(bucket.weight) + sum - Math.log(terms.length),
    supportByOrg: [...supportByOrg].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)),
  };
}
