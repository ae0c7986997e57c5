import {
  Blame,
  BucketEvidence,
  DetectionPolicy,
  Guards,
  Measured,
  SecondOpinion,
  Watch,
  WatchedUpdate,
  alarmLine,
  describe,
  isWeaker,
  leadingBucket,
  signalOf,
} from '@ringwatch/detection';
import { LIST_LENGTH, instant, listsOf, rounded } from './figures';
import type { Evidence, IncidentChange, SecondOpinionShown, Suspect } from './incident-change';
import { incidentIdOf } from './incident-id';
import { severityOf } from './severity';

/** A verdict on one update at one tick, with what is needed to write it down. */
export interface Finding {
  watched: WatchedUpdate;
  measured: Measured;
  guards: Guards;
  blame: Blame[];
  separable: boolean;
}

/** How far the comparison with the time before is trusted: its posterior knows nothing of what else may have changed then. */
const WEAKER_CERTAINTY = 0.9;
const AGAINST_HISTORY = 'weaker evidence: compared with the time before, not with hosts that do not have the update';
/** The confidence from which a rival is named. */
const LEAST_CONFIDENCE = 0.001;

function isRival({ confidence }: Blame, { separable }: Finding, own: Blame | undefined): boolean {
  return confidence >= LEAST_CONFIDENCE || (!separable && confidence === own?.confidence);
}

/** Is the update still on its way to hosts? */
export function isOffered(watched: WatchedUpdate): boolean {
  return watched.lastAction?.action !== 'withdrawn' && watched.lastAction?.action !== 'paused';
}

/** The change that a finding amounts to: everything but its place in the incident's life, which the caller knows. */
export function buildChange(
  watch: Watch,
  finding: Finding,
  tick: number,
  life: Pick<IncidentChange, 'sequence' | 'state' | 'change' | 'opened_at'>,
): IncidentChange {
  const { watched, measured, guards, blame, separable } = finding;
  const described = describe(watch, watched, measured, watch.policy);
  const certainty = isWeaker(measured) ? WEAKER_CERTAINTY : 1;
  const toSuspect = ({ candidate, confidence }: Blame): Suspect =>
    suspectOf({ candidate, confidence: certainty * confidence }, described);
  const own = blame.find(({ candidate }) => candidate.watched === watched);
  return {
    incident_id: incidentIdOf(watched.update),
    ...life,
    severity: severityOf(described, isOffered(watched)),
    detected_at: instant(tick),
    first_crash_at: described.firstCrashAt === null ? null : instant(described.firstCrashAt),
    suspect: toSuspect(own ?? { candidate: { watched, statistic: measured.statistic }, confidence: 0 }),
    other_suspects: blame.filter((each) => each !== own && isRival(each, finding, own)).map(toSuspect),
    separable,
    superseded_by: null,
    scope: described.scope,
    signal: signalOf(measured, alarmLine(watch.policy)),
    evidence: evidenceOf(described, watched, measured, { guards, policy: watch.policy }),
    recommendation: recommend(isOffered(watched), isWeaker(measured)),
  };
}

/**
 * A halt costs hours and is taken back by a word, so weaker evidence is enough for it; to take an update off all hosts
 * is more than a rise over last week's rate can ask for.
 */
function recommend(offered: boolean, weaker: boolean): IncidentChange['recommendation'] {
  if (offered) return 'halt';
  return weaker ? 'investigate' : 'roll_back';
}

type Described = ReturnType<typeof describe>;

function suspectOf({ candidate, confidence }: Blame, described: Described): Suspect {
  const { watched } = candidate;
  const driver = watched.owners.has(described.driver) ? described.driver : ([...watched.owners].sort()[0] ?? '');
  const isDriverUpdate = watched.channel === `driver:${driver}`;
  return {
    update_channel: watched.update.channel,
    update_version: watched.update.version,
    driver,
    driver_version: isDriverUpdate
      ? watched.update.version
      : driver === described.driver
        ? described.driverVersion
        : '',
    shipped_at: watched.shippedAt === undefined ? null : instant(watched.shippedAt),
    confidence: rounded(confidence),
  };
}

function evidenceOf(
  described: Described,
  watched: WatchedUpdate,
  measured: Measured,
  { guards, policy }: { guards: Guards; policy: DetectionPolicy },
): Evidence {
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
    statistic: rounded(measured.statistic),
    threshold: rounded(alarmLine(policy)),
    leave_one_org_out: rounded(guards.leaveOneOrgOut),
    min_relative_risk: rounded(watched.nullRatio.ratio),
    learned_from: watched.nullRatio.learnedFrom,
    weaker: isWeaker(measured),
    note: isWeaker(measured) ? AGAINST_HISTORY : '',
    second_opinion: secondOpinionOf(described.secondOpinion),
    concentrations: described.concentrations.map(({ by, spread, cluster }) => ({
      by,
      spread: rounded(spread),
      cluster: cluster.names.slice(0, LIST_LENGTH),
      cluster_total: cluster.names.length,
      ln_ratio: rounded(cluster.lnRatio),
      affected_share: rounded(cluster.affected),
      exposed_share: rounded(cluster.exposed),
    })),
    terms: measured.buckets.map((each) => ({
      channel: each.channel,
      bucket: each.bucket,
      weight: rounded(each.weight),
      observed: each.treated,
      expected: each === leading ? rounded(described.expected / sampledIn(each, described)) : null,
      crashed: each.crashed,
      statistic: rounded(each.lnE),
    })),
  };
}

function secondOpinionOf(opinion: SecondOpinion): SecondOpinionShown {
  const { maxsprt, rateRatio, crashRate, informationComponent, knownRate } = opinion;
  return {
    maxsprt: maxsprt && {
      ln_ratio: rounded(maxsprt.lnRatio),
      critical_value: rounded(maxsprt.critical),
      horizon: maxsprt.horizon,
      agrees: maxsprt.agrees,
    },
    rate_ratio: rateRatio && {
      estimate: rateRatio.estimate === null ? null : rounded(rateRatio.estimate),
      low: rounded(rateRatio.low),
      high: rateRatio.high === null ? null : rounded(rateRatio.high),
      method: rateRatio.method,
    },
    crash_rate: crashRate && {
      estimate: rounded(crashRate.estimate),
      low: rounded(crashRate.low),
      high: rounded(crashRate.high),
    },
    information_component: informationComponent && {
      value: rounded(informationComponent.value),
      low: rounded(informationComponent.low),
    },
    known_rate: knownRate === null ? null : rounded(knownRate),
  };
}

/** A term of silence speaks of the sampled hosts, the figures that people read first of the fleet. */
function sampledIn({ channel }: BucketEvidence, { silentInOneOf }: Described): number {
  return channel === 'silence' ? silentInOneOf : 1;
}
