import { BIN_MS } from '../concurrent/curve';
import type { Contribution } from '../concurrent/host-history';

/**
 * Hosts of one organisation often stop together, by a cause of their site that stops them once. Answers which contributions are then left
 * out: of the hosts with the update that crashed in the same `withinMs` and bucket all but the first. Of those without it all count, since
 * fewer would make the others look worse. `contributions` in order of hosts, so that the answer does not hang on the order of arrival.
 */
export function allButOneOfEachClump(
  contributions: Iterable<Contribution>,
  withinMs: number,
): ReadonlySet<Contribution> {
  const bins = withinMs / BIN_MS;
  const clumps = new Set<string>();
  const rest = new Set<Contribution>();
  for (const each of contributions) {
    if (each.ageBins === undefined) continue;
    const clump = `${Math.floor(each.bin / bins)}/${each.crash.orgId}/${each.bucket}`;
    if (clumps.has(clump)) rest.add(each);
    else clumps.add(clump);
  }
  return rest;
}
