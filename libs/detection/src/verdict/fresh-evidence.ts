import { logSumExp } from '../concurrent/contrast';
import { relativeRisk, type RelativeRisk } from '../concurrent/relative-risk';
import { DetectionPolicy, alarmLine } from '../policy';
import type { WatchedUpdate } from '../watched-update';
import { historyEvidence } from '../history/history-evidence';
import type { Silence } from '../silence/silence';
import { type BucketEvidence, leadingBucket, measure } from './measure';

/** Organisations that are left out in turn, those with most of the new hosts first. */
const MOST_TRIED = 50;

/**
 * Is there enough evidence against an update in what arrived from `since` on (ms since 1970 UTC) alone? A host that crashed
 * or fell silent before counts no more. The guards are those of an alarm: hosts, organisations, and enough without any one.
 */
export function isGuiltyAgain(watched: WatchedUpdate, policy: DetectionPolicy, since: number): boolean {
  const measureWithout = (org?: string) => {
    const { buckets } = measure(
      watched,
      policy,
      watched.cellsWhere((_, { crash }) => crash.receivedAt >= since && crash.orgId !== org),
      // Hosts of a slow pace are noted hours after they fell silent: what is noted late is no new harm.
      ({ lastSignAt, orgId }: Silence) => lastSignAt >= since && orgId !== org,
    );
    // What is compared with the time before cannot be cut at a moment.
    const fresh = buckets.filter(({ channel }) => channel === 'concurrent' || channel === 'silence');
    return { buckets: fresh, statistic: logSumExp(fresh.map(({ weight, lnE }) => Math.log(weight) + lnE)) };
  };
  const fresh = measureWithout();
  const leading = leadingBucket(fresh);
  const line = alarmLine(policy);
  if (!leading || leading.treated < policy.minHosts || fresh.statistic < line) return false;
  const hostsByOrg = new Map<string, number>();
  for (const { orgId, at } of hitsOf(watched, leading))
    if (at >= since) hostsByOrg.set(orgId, (hostsByOrg.get(orgId) ?? 0) + 1);
  if (hostsByOrg.size < policy.minOrgs) return false;
  const orgs = [...hostsByOrg].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST_TRIED);
  return orgs.every(([org]) => measureWithout(org).statistic >= line);
}

/** The ratio in one bucket in what arrived from `since` on (ms since 1970 UTC), at any age. */
export function recentRelativeRisk(
  watched: WatchedUpdate,
  { channel, bucket }: BucketEvidence,
  since: number,
  policy: DetectionPolicy,
): RelativeRisk {
  if (channel === 'silence')
    return relativeRisk(watched.silence.contrasts(undefined, ({ notedAt }) => notedAt >= since));
  const cells = watched.cellsWhere((_, each) => each.bucket === bucket && each.crash.receivedAt >= since);
  const allAges = policy.ageWindowsMin.findIndex(([, until]) => until === Infinity);
  return relativeRisk(cells.get(bucket)?.contrasts(watched.exposure(), allAges) ?? []);
}

/**
 * When each host of a bucket that had applied the update was hit, in ms and no order: a crash when it occurred, so that one
 * which is told late does not look like a new one; never later than it was told. A silence when it was noted.
 */
export function hitArrivals(watched: WatchedUpdate, leading: BucketEvidence): number[] {
  return hitsOf(watched, leading).map(({ at }) => at);
}

function hitsOf(watched: WatchedUpdate, { channel, bucket }: BucketEvidence): Array<{ orgId: string; at: number }> {
  if (channel === 'silence')
    return watched.silence.treatedSilences().map(({ orgId, notedAt }) => ({ orgId, at: notedAt }));
  if (channel !== 'concurrent') {
    const crashes = historyEvidence(watched, bucket)?.crashes.values() ?? [];
    return [...crashes].map(({ orgId, receivedAt }) => ({ orgId, at: receivedAt }));
  }
  return watched
    .contributions()
    .flatMap(([, contributions]) =>
      contributions
        .filter((each) => each.bucket === bucket && each.ageBins !== undefined)
        .map(({ crash }) => ({ orgId: crash.orgId, at: Math.min(crash.receivedAt, crash.occurredAt) })),
    );
}
