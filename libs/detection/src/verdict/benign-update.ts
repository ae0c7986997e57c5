import { ANY_DRIVER } from '../concurrent/buckets';
import { relativeRisk } from '../concurrent/relative-risk';
import type { BenignUpdate } from '../history/benign-ratio';
import type { WatchedUpdate } from '../watched-update';

/** Fewer crashed hosts that had applied it say too little of an update: their ratio would be chance. */
const LEAST_HOSTS = 20;

/**
 * What an update did that leaves the watch without an incident: the crash rate ratio of its hosts, by any driver and at all
 * ages. Undefined where too few of them crashed, or no crash met hosts without it.
 */
export function benignUpdateOf(watched: WatchedUpdate, tick: number): BenignUpdate | undefined {
  const cells = watched.cells().get(ANY_DRIVER);
  if (!cells || cells.totals().treated < LEAST_HOSTS) return undefined;
  const { estimate, high } = relativeRisk(cells.allAges(watched.exposure()));
  return high === null ? undefined : { update: watched.update, relativeRisk: estimate, notedAt: tick };
}
