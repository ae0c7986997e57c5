import { ANY_DRIVER } from '../concurrent/buckets';
import { dispersionOver } from './dispersion';
import { expectedHosts } from './rate-rise';
import type { Reports } from './reports';

/** A driver that went down has lost at least so much of what is expected of it, and of what the other gained. */
const LOST_SHARE = 0.25;
const LOST_OF_GAINED = 0.5;
/** So many standard deviations are more than chance; a true spike is only told later where it was chance after all. */
const DEVIATIONS = 1.5;

/** Hosts that crashed by a driver in a span of event time (ms). */
interface Gained {
  driver: string;
  since: number;
  until: number;
  crashes: ReadonlyMap<string, unknown>;
}

/**
 * Has another driver lost, in the same time, what this one gained? Then the failure goes by another name: a new symbol, a
 * renamed image, a bucket that was split. Falls of all drivers together are none.
 */
export function tookAnothersPlace(reports: Reports, { driver, since, until, crashes }: Gained): boolean {
  const span = { from: since, until };
  const usualOf = (bucket: string) => reports.past.before(since, bucket).forecast;
  const expectedOfAll = expectedHosts(span, usualOf(ANY_DRIVER));
  const all = [...reports.anySince(since, until).values()].reduce((sum, hosts) => sum + hosts, 0);
  const level = expectedOfAll === 0 ? 1 : Math.min(1, all / expectedOfAll);
  return reports.buckets().some((other) => {
    if (other === driver) return false;
    const usual = usualOf(other);
    const expected = level * expectedHosts(span, usual);
    const leastLost = Math.max(LOST_SHARE * expected, LOST_OF_GAINED * crashes.size);
    if (expected < leastLost) return false;
    const lost = expected - reports.crashesBetween(other, since, until).size;
    const spread = Math.sqrt(expected * dispersionOver(usual.dispersion, (until - since) / 3_600_000));
    return lost >= Math.max(leastLost, DEVIATIONS * spread);
  });
}
