import { ageWindows } from '../concurrent/age-windows';
import { BucketCells, type Exposure } from '../concurrent/bucket-cells';
import { StratumCurves, binOf } from '../concurrent/curve';
import type { Contribution } from '../concurrent/host-history';
import type { SampledHost } from '../silence/host-sample';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';
import { allButOneOfEachClump } from './clumps';
import { countBy } from './count-by';
import { type Measured, leadingBucket } from './measure';

/** An organisation in which an update does harm by the comparison of its own hosts alone, and ln E of it. */
export interface SoleOrg {
  orgId: string;
  statistic: number;
}

/** So much of the affected hosts has to be of one organisation. */
const SOLE_SHARE = 0.9;
/** Longer than what guards take as one: all crashes are of one organisation here, and one site is enough to mislead. */
const CLUMP_MS = 30_000;
/** Where few hosts of the organisation are sampled, the share of those with the update is rather set too high. */
const ADDED_HOSTS = 2;

/**
 * Where nearly all crashed hosts with the update are of one organisation, they say nothing of others. Compared with hosts of
 * the same organisation they may still say that it does harm there: those are the same hosts, in the same hands, but for the
 * update. Undefined where they do not. The organisation is chosen after the fact among all, so the line is higher by ln of
 * their number; `statistic` is already less by it. Hosts of one organisation often stop together, by a cause of their site: such a
 * clump counts once.
 */
export function soleOrgOf(watch: Watch, watched: WatchedUpdate, measured: Measured): SoleOrg | undefined {
  const leading = leadingBucket(measured);
  if (leading?.channel !== 'concurrent') return undefined;
  const counted = watched.contributions().flatMap(([, each]) => each.filter(({ bucket }) => bucket === leading.bucket));
  const treated = counted.filter(({ ageBins }) => ageBins !== undefined);
  const top = countBy(treated, ({ crash }) => crash.orgId)[0];
  if (!top || top.hosts < watch.policy.minHosts || top.hosts < SOLE_SHARE * treated.length) return undefined;
  const orgId = top.value;
  const lnE = lnEvidenceWithin(
    watch,
    watched,
    counted.filter(({ crash }) => crash.orgId === orgId),
    orgId,
  );
  const orgs = new Set([...watch.silences.sample.all()].map(({ life }) => life.orgId)).size;
  return { orgId, statistic: Math.log(leading.weight) + lnE - Math.log(Math.max(1, orgs)) };
}

function lnEvidenceWithin(
  watch: Watch,
  watched: WatchedUpdate,
  counted: readonly Contribution[],
  orgId: string,
): number {
  const { sample } = watch.silences;
  const isOwn = ({ life }: SampledHost) => life.orgId === orgId;
  const [applied, eligible] = [new StratumCurves(), new StratumCurves()];
  for (const host of sample.all())
    if (isOwn(host) && host.channels.has(watched.channel)) eligible.add(host.life.stratum, -Infinity, 1);
  const taken = sample.takenBy(watched.key);
  const inOrder = taken.hosts
    .flatMap((host, index) =>
      isOwn(host) ? [{ stratum: host.life.stratum, bin: binOf(taken.appliedAt[index]!) }] : [],
    )
    .sort((a, b) => a.bin - b.bin || (a.stratum < b.stratum ? -1 : a.stratum > b.stratum ? 1 : 0));
  const begun = new Set<string>();
  for (const { stratum, bin } of inOrder) {
    applied.add(stratum, bin, begun.has(stratum) ? 1 : 1 + ADDED_HOSTS);
    begun.add(stratum);
  }
  const cells = new BucketCells(ageWindows(watch.policy));
  const rest = allButOneOfEachClump(counted, CLUMP_MS);
  for (const each of counted) if (!rest.has(each)) cells.count(each, 1);
  const exposure: Exposure = { applied, eligible, awake: watched.awake };
  return cells.lnEvidence(exposure, watched.nullRatio.ratio);
}
