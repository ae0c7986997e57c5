import { boundaryAt } from './floor';
import { poissonTail } from './poisson';

/**
 * The smallest share of hosts that an update must crash to be found with power .99 by one look at
 * the end of a window, with the boundary of MaxSPRT at alpha 1e-6 and at least 5 hosts.
 * `bucketShare`: which part of all crashes falls into the bucket that is looked at; base rate .005 a host and day.
 */
export function smallestFound(hosts: number, windowMinutes: number, bucketShare: number): number {
  const mean = (hosts * 0.005 * bucketShare * windowMinutes) / 1440;
  const critical = boundaryAt(mean);
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (poissonTail(critical, mean + hosts * middle) >= 0.99) high = middle;
    else low = middle;
  }
  return high;
}
