import type { Description } from '@ringwatch/detection';
import type { Evidence } from './incident-change';
import { instant } from './figures';
import { rounded } from './figures';
import { causedShare } from './severity';

/** What comes if nothing is done, at a tick. A rollout that is not offered any more, or has no pace, comes to no end. */
export function forecastOf(described: Description, isOffered: boolean, tick: number): Evidence['forecast'] {
  const { exposedHosts, eligibleHosts, appliedLastTenMinutes } = described;
  const hostsLeft = Math.max(0, eligibleHosts - exposedHosts);
  const pacePerMinute = isOffered ? appliedLastTenMinutes / 10 : 0;
  const minutes = pacePerMinute > 0 ? hostsLeft / pacePerMinute : Infinity;
  const takesIt = pacePerMinute > 0 ? hostsLeft : 0;
  const share = causedShare(described);
  const allBy = tick + minutes * 60_000;
  return {
    hosts_left: hostsLeft,
    pace_per_minute: rounded(pacePerMinute),
    all_by: allBy < LAST_INSTANT ? instant(Math.ceil(allBy / 1_000) * 1_000) : null,
    expected_crashed_hosts: rounded((exposedHosts + takesIt) * share),
    saved_by_halting: rounded(takesIt * share),
  };
}

/** The store holds times up to 2299. */
const LAST_INSTANT = Date.UTC(2299, 0, 1);
