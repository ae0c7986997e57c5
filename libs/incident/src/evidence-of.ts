import {
  BucketEvidence,
  Description,
  DetectionPolicy,
  Guards,
  Measured,
  Watch,
  WatchedUpdate,
  alarmLine,
  isHalfCompared,
  isWeaker,
  leadingBucket,
  levelOf,
  marginOf,
} from '@ringwatch/detection';
import { LIST_LENGTH, instant, listsOf, rounded } from './figures';
import { forecastOf } from './forecast';
import { secondOpinionOf } from './second-opinion-of';
import type { Evidence } from './incident-change';
import { isOffered } from './mitigation';
import { attributableHosts, hostsAtRisk } from './severity';
import { whatWouldChange } from './what-would-change';

/** One update at one tick, as it was weighed. */
export interface Verdict {
  watched: WatchedUpdate;
  measured: Measured;
  guards: Guards;
}

const AGAINST_HISTORY = 'weaker evidence: compared with the time before, not with hosts that do not have the update';
const HALF_WAY =
  'weaker evidence: hosts that do not have the update speak against it, but only with the time before are they enough';

/** The numbers behind a verdict on one update at a tick. */
export function evidenceOf(
  watch: Watch,
  described: Description,
  { watched, measured, guards }: Verdict,
  tick: number,
): Evidence {
  const { policy } = watch;
  const { relativeRisk } = described;
  const leading = leadingBucket(measured);
  return {
    observed: described.observed,
    expected: rounded(described.expected),
    relative_risk: {
      estimate: rounded(relativeRisk.estimate),
      low: rounded(relativeRisk.low),
      high: relativeRisk.high === null ? null : rounded(relativeRisk.high),
    },
    exposed_hosts: described.exposedHosts,
    eligible_hosts: described.eligibleHosts,
    crashed_hosts: described.crashedHosts,
    silent_hosts: described.silentHosts,
    crash_looping_hosts: described.crashLoopingHosts,
    ...listsOf(described),
    other_stops: described.otherStops,
    leading_bucket: leading === undefined ? null : { bucket: leading.bucket, level: levelIn(leading) },
    statistic: rounded(measured.statistic),
    threshold: rounded(alarmLine(policy)),
    leave_one_org_out: rounded(guards.leaveOneOrgOut),
    min_relative_risk: rounded(watched.nullRatio.ratio),
    learned_from: watched.nullRatio.learnedFrom,
    weaker: isWeaker(measured),
    note: noteOf(measured, policy),
    second_opinion: secondOpinionOf(described.secondOpinion),
    concentrations: concentrationsOf(described),
    terms: measured.buckets.map((each) => ({
      channel: each.channel,
      bucket: each.bucket,
      weight: rounded(each.weight),
      observed: each.treated,
      expected: each === leading ? rounded(described.expected / sampledIn(each, described)) : null,
      crashed: each.crashed,
      statistic: rounded(each.lnE),
    })),
    attributable_hosts: rounded(attributableHosts(described)),
    hosts_at_risk: rounded(hostsAtRisk(described, isOffered(watched))),
    forecast: forecastOf(described, isOffered(watched), tick),
    what_would_change: whatWouldChange(marginOf(watched, measured, policy), guards, policy),
    completeness: completenessOf(watch, watched, leading?.bucket, tick),
    clearing: null,
    recovered_hosts: null,
    recovery_hosts: null,
    content_sha256: [...watched.contents].sort(),
  };
}

/** Which evidence it rests on, where that is not the comparison of hosts alone. */
function noteOf(measured: Measured, policy: DetectionPolicy): string {
  if (!isWeaker(measured)) return '';
  return isHalfCompared(measured, policy) ? HALF_WAY : AGAINST_HISTORY;
}

function levelIn({ channel, bucket }: BucketEvidence) {
  return channel === 'silence' ? 'silent' : levelOf(bucket);
}

function concentrationsOf(described: Description): Evidence['concentrations'] {
  return described.concentrations.map(({ by, spread, cluster }) => ({
    by,
    spread: rounded(spread),
    cluster: cluster.names.slice(0, LIST_LENGTH),
    cluster_total: cluster.names.length,
    ln_ratio: rounded(cluster.lnRatio),
    affected_share: rounded(cluster.affected),
    exposed_share: rounded(cluster.exposed),
  }));
}

/** A term of silence speaks of the sampled hosts, the figures that people read first of the fleet. */
function sampledIn({ channel }: BucketEvidence, { silentInOneOf }: Description): number {
  return channel === 'silence' ? silentInOneOf : 1;
}

function completenessOf(
  watch: Watch,
  watched: WatchedUpdate,
  leading: string | undefined,
  tick: number,
): Evidence['completeness'] {
  const { crashed, known } = leading === undefined ? { crashed: 0, known: 0 } : watch.comparable(watched, leading);
  return {
    decided_until: instant(tick),
    crashed_hosts: crashed,
    comparable_hosts: known,
    comparable_share: crashed === 0 ? 1 : rounded(known / crashed),
  };
}
