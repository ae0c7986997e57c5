import type { ActionOnUpdate, CrashedAfterApplying, DatedJudgement, KnownUpdate } from '@ringwatch/clickhouse';
import { per1000 } from './share';
import type { Verdict } from './verdict';

/** What is known of an update, as the api writes it. */
export function writeUpdate(update: KnownUpdate) {
  return {
    update_channel: update.channel,
    update_version: update.version,
    driver: update.driver,
    title: update.title,
    vendor: update.vendor,
    replaces: update.replaces,
    ring: update.ring,
    target_fraction: update.targetFraction,
    shipped_at: update.shippedAt,
    withdrawn_at: update.withdrawnAt,
    last_action: update.lastAction,
    last_action_at: update.lastActionAt,
    first_heard_at: update.firstHeardAt,
    first_applied_at: update.firstAppliedAt,
  };
}

/** What its vendor did. */
export function writeAction({ at, action, ring, targetFraction }: ActionOnUpdate) {
  return { at, action, ring, target_fraction: targetFraction };
}

/** The rate is a plain share: who crashed for whatever reason within 14 days of applying, per 1,000 who applied. */
export function rates(known: KnownUpdate | undefined, crashed: Pick<CrashedAfterApplying, 'crashedHosts'> | undefined) {
  const applied = known?.appliedHosts ?? 0;
  const rate = per1000(crashed?.crashedHosts ?? 0, applied);
  return {
    applied_hosts: applied,
    crashed_hosts: crashed?.crashedHosts ?? 0,
    crashed_per_1000: rate?.estimate ?? null,
    crashed_per_1000_low: rate?.low ?? null,
    crashed_per_1000_high: rate?.high ?? null,
  };
}

/** Who crashed and named the update. */
export function namingRate(known: KnownUpdate | undefined, naming: number) {
  return {
    crashed_hosts_naming_it: naming,
    naming_it_per_1000: per1000(naming, known?.appliedHosts ?? 0)?.estimate ?? null,
  };
}

/** Where the detector found the update to stand; null before its first look. */
export function writeJudgement(judgement: DatedJudgement | undefined) {
  if (judgement === undefined) return null;
  const { standing, statistic, threshold, observed, expected, relativeRisk, minRelativeRisk, exposedHosts } = judgement;
  return {
    judged_at: new Date(judgement.judgedAt).toISOString(),
    standing,
    statistic,
    threshold,
    observed,
    expected,
    relative_risk: relativeRisk && { ...relativeRisk },
    min_relative_risk: minRelativeRisk,
    exposed_hosts: exposedHosts,
  };
}

/** The incident that a verdict rests on. */
export function incidentEvidence({ incident }: Verdict) {
  if (incident === null) return { incident: null };
  const { incident_id, state, severity, suspect, recommendation, evidence } = incident;
  return {
    incident: {
      incident_id,
      state,
      severity,
      confidence: suspect.confidence,
      recommendation,
      observed: evidence.observed,
      expected: evidence.expected,
      relative_risk: evidence.relative_risk,
    },
  };
}
