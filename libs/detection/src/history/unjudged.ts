import { byShipping } from '../verdict/blame';
import type { Watch } from '../watch';
import type { WatchedUpdate } from '../watched-update';
import type { Spike } from './spikes';

/** An update that may be behind a spike, which no comparison can blame or clear. */
export interface Unjudged {
  watched: WatchedUpdate;
  /** Hosts of the spike that had taken it before they crashed. */
  crashedWith: number;
}

/** So much of the hosts that run its channel has it: hardly anybody is left to compare with. */
const LEAST_TAKEN = 0.9;
/** So much of the crashed hosts has it. */
const LEAST_CRASHED = 0.9;
/** A person can look into so many. */
const MOST = 5;

/**
 * Updates under watch that the spike's driver loads, and that nearly all crashed hosts and nearly all others had taken: hosts cannot
 * tell them from any other cause, and a person should. Where others are left to compare with, they have been compared. Last
 * shipped first.
 */
export function unjudgedBehind(watch: Watch, { driver, crashes, until }: Spike): Unjudged[] {
  return [...watch.updates.values()]
    .filter((watched) => watched.owners.has(driver) && watched.startedAt <= until)
    .filter(({ applied, eligible }) => applied.total() > 0 && applied.total() >= LEAST_TAKEN * eligible.total())
    .map((watched) => ({ watched, crashedWith: crashedWith(watch, watched, crashes) }))
    .filter((each) => each.crashedWith >= LEAST_CRASHED * crashes.size)
    .sort((a, b) => byShipping(b.watched, a.watched))
    .slice(0, MOST);
}

function crashedWith(watch: Watch, { key }: WatchedUpdate, crashes: Spike['crashes']): number {
  return [...crashes].filter(
    ([hostId, { occurredAt }]) => (watch.host(hostId)?.appliedAt(key) ?? Infinity) <= occurredAt,
  ).length;
}
