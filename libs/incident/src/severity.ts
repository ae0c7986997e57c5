import type { RiskFigures } from '@ringwatch/detection';
import type { Severity } from './incident-change';

/** Hosts at risk from which an incident is of a severity; for sev1 also a share of the hosts that run the channel. */
const SEV1_HOSTS = 10_000;
const SEV1_SHARE = 0.01;
const SEV2_HOSTS = 1_000;

/**
 * How many hosts are at risk: those that took the update, and those that will within the hour at its present pace, times
 * the crash probability that the update causes at least (by the lower bound of the rate ratio).
 */
export function hostsAtRisk(described: RiskFigures, isOffered: boolean): number {
  const { exposedHosts, eligibleHosts, appliedLastTenMinutes } = described;
  // Nobody tells who has it: those that crashed are all that is known to be at risk.
  if (exposedHosts === 0) return attributableHosts(described);
  const withinTheHour = isOffered ? Math.min(eligibleHosts - exposedHosts, appliedLastTenMinutes * 6) : 0;
  return (exposedHosts + withinTheHour) * causedShare(described);
}

/** Of the crashed hosts that had taken the update, how many it caused at least, by the lower bound of the rate ratio. */
export function attributableHosts({ observed, relativeRisk }: RiskFigures): number {
  return relativeRisk.low <= 1 ? 0 : observed * (1 - 1 / relativeRisk.low);
}

/** The crash probability that the update causes at least in a host that takes it. */
export function causedShare(described: RiskFigures): number {
  return described.exposedHosts === 0 ? 0 : Math.min(1, attributableHosts(described) / described.exposedHosts);
}

/** sev1 wakes people: 10,000 hosts at risk or 1 % of those that run the channel; sev2 from 1,000; the rest is sev3. */
export function severityOf(described: RiskFigures, isOffered: boolean): Severity {
  const atRisk = hostsAtRisk(described, isOffered);
  const isWide = described.exposedHosts > 0 && atRisk > 0 && atRisk >= SEV1_SHARE * described.eligibleHosts;
  if (atRisk >= SEV1_HOSTS || isWide) return 'sev1';
  return atRisk >= SEV2_HOSTS ? 'sev2' : 'sev3';
}

/** True when the first is worse than the second. */
export function isWorse(a: Severity, b: Severity): boolean {
  return a < b;
}
