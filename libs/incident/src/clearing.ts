import {
  type BucketEvidence,
  type DetectionPolicy,
  type Measured,
  type WatchedUpdate,
  alarmLine,
  hitArrivals,
  leadingBucket,
  recentRelativeRisk,
  reverseTest,
} from '@ringwatch/detection';
import type { Clearing, IncidentChange } from './incident-change';
import { instant } from './figures';
import { rounded } from './figures';

/** Whether a mitigated incident is over, with the numbers and, when it is, the reason in words. */
export interface Cleared {
  clearing: Clearing;
  isOver: boolean;
  reason: string;
}

/** It has to be quiet for so long, whatever the test says: a burst at the start makes a quarter of the pace large. */
const QUIET_MS = 10 * 60_000;

/**
 * Is a mitigated incident over at a tick? The reverse test has to reject that it goes on, and the last ten minutes have to be
 * quiet: fewer newly crashed hosts than would make an alarm, or an upper bound of the ratio below twice that of an innocent
 * update where hosts can still be compared, or no more than twice what the lower bound of the ratio left to chance.
 */
export function clearingOf(
  watched: WatchedUpdate,
  measured: Measured,
  mitigatedAt: number,
  { last, policy, tick }: { last: IncidentChange; policy: DetectionPolicy; tick: number },
): Cleared {
  const leading = carryingBucket(measured, policy);
  const arrivals = leading ? hitArrivals(watched, leading) : [];
  const test = reverseTest(arrivals, mitigatedAt, tick);
  const lastTenMinutes = arrivals.filter((arrival) => arrival >= tick - QUIET_MS && arrival < tick).length;
  const chance = (2 * test.pacePerMinute * (QUIET_MS / 60_000)) / Math.max(1, last.evidence.relative_risk.low);
  const isQuiet = () => {
    if (!leading || lastTenMinutes < policy.minHosts || lastTenMinutes <= chance) return true;
    const { high } = recentRelativeRisk(watched, leading, tick - QUIET_MS, policy);
    return high !== null && high < 2 * watched.nullRatio.ratio;
  };
  // Hosts that came back are silent no more, and take the evidence with them.
  const areBack = (!leading || leading.channel === 'silence') && arrivals.length < policy.minHosts;
  return {
    isOver: areBack || (test.statistic >= test.threshold && isQuiet()),
    reason:
      `${count(test.observed)} hit since it was mitigated, at a quarter of the earlier pace it would be ` +
      `${test.expected.toFixed(1)}; ${lastTenMinutes} in the last 10 minutes`,
    clearing: {
      since: instant(mitigatedAt),
      pace_before: rounded(test.pacePerMinute),
      observed: test.observed,
      expected: rounded(test.expected),
      last_ten_minutes: lastTenMinutes,
      statistic: rounded(test.statistic),
      threshold: rounded(test.threshold),
    },
  };
}

/**
 * What the end is judged by: crashes, where they are over the line by themselves, since a crash is known at once and a silence
 * only a quarter of an hour later; else the bucket that says most.
 */
function carryingBucket(measured: Measured, policy: DetectionPolicy): BucketEvidence | undefined {
  const crashes = measured.buckets.filter(
    ({ channel, weight, lnE }) => channel === 'concurrent' && Math.log(weight) + lnE >= alarmLine(policy),
  );
  return leadingBucket(crashes.length > 0 ? { ...measured, buckets: crashes } : measured);
}

function count(hosts: number): string {
  return hosts === 1 ? '1 host' : `${hosts} hosts`;
}
