import { isWithin } from '../concurrent/host-history';
import type { Crash } from '../evidence';
import type { Keep } from '../history/history-evidence';
import { measure } from './measure';
import type { Silence } from '../silence/silence';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';

/** One update among those under way, with its evidence: alone, and after the hosts of the other are set aside. */
export interface Candidate {
  watched: WatchedUpdate;
  statistic: number;
}

export interface Blame {
  candidate: Candidate;
  /** Share of the posterior over all updates under way and "none of them". */
  confidence: number;
}

/** How much likelier than another update it is, before any crash, that the one which the faulting driver loads is to blame. */
const OWNER_PRIOR = 100;

/**
 * Shares of blame among updates under way: prior times E, against 1 for "none of them". Most blamed first; equal ones by
 * shipping, then by name.
 */
export function shareBlame(candidates: readonly Candidate[], driver: string): Blame[] {
  const lnPosterior = candidates.map(
    ({ watched, statistic }) => statistic + (watched.owners.has(driver) ? Math.log(OWNER_PRIOR) : 0),
  );
  const most = Math.max(0, ...lnPosterior);
  const total = Math.exp(-most) + lnPosterior.reduce((sum, each) => sum + Math.exp(each - most), 0);
  return candidates
    .map((candidate, index) => ({ candidate, confidence: Math.exp(lnPosterior[index]! - most) / total }))
    .sort((a, b) => b.confidence - a.confidence || byShipping(a.candidate.watched, b.candidate.watched));
}

/** First shipped first, then by name. */
export function byShipping(a: WatchedUpdate, b: WatchedUpdate): number {
  return (a.shippedAt ?? a.startedAt) - (b.shippedAt ?? b.startedAt) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

/**
 * What is left of the evidence against one update when crashes of hosts that had applied another are set aside. An innocent
 * update that the same hosts happened to take has nothing left; the guilty one keeps the hosts that only it reached.
 */
export function evidenceWithout(watch: Watch, watched: WatchedUpdate, other: WatchedUpdate): number {
  const isFree: Keep = (hostId, crash) => {
    const appliedOther = watch.host(hostId)?.appliedAt(other.key);
    return appliedOther === undefined || appliedOther > crash.occurredAt;
  };
  const keeps = ({ applied, lastSignAt }: Silence) => (applied.get(other.key) ?? Infinity) > lastSignAt;
  const whole = measure(watched, watch.policy);
  const isHistory = whole.buckets.some(({ channel }) => channel === 'history' || channel === 'composition');
  const loses =
    isHistory ||
    watched.hasAny((hostId, { crash }) => !isFree(hostId, crash)) ||
    watched.silence.hasAny((silence) => !keeps(silence));
  // Most updates have no host in common with the other.
  if (!loses) return whole.statistic;
  const cells = watched.cellsWhere((hostId, { crash }) => isFree(hostId, crash));
  const isFreeToo: Keep = (hostId, crash) => isFree(hostId, crash) && !mayHaveTaken(other, crash);
  return measure(watched, watch.policy, cells, keeps, isFreeToo).statistic;
}

/** Nobody tells who took this update, and a driver crashed that loads it: any host may have. */
function mayHaveTaken(other: WatchedUpdate, crash: Crash): boolean {
  return !other.fleet.tellsInstalls(other.channel) && other.owners.has(crash.driver) && isWithin(crash, other);
}
