import type { Region } from '@ringwatch/rollout';
import { lnEvidenceOfComposition } from '../statistics/composition';
import { dispersionOver } from './dispersion';
import type { Usual } from './past';

/**
 * ln E that the share of a bucket among all crashes has risen: `hosts` of it among those of any driver, counted by region.
 * Its usual share is that of the regions in which the crashes were, so that a power cut in one of them changes nothing.
 * Whatever makes everything crash more, such as a Patch Tuesday, leaves shares as they were.
 */
export function lnEvidenceOfMixChange(hosts: number, any: ReadonlyMap<Region, number>, usual: Usual): number {
  let [all, expected] = [0, 0];
  for (const [region, crashed] of [...any].sort()) {
    all += crashed;
    expected += crashed * usual.shareIn(region);
  }
  const crashed = Math.max(all, hosts);
  if (usual.knownHours === 0 || crashed === 0 || hosts <= expected) return 0;
  // Hosts that crash together by chance count as fewer.
  const phi = dispersionOver(usual.forecast.dispersion, 1);
  return lnEvidenceOfComposition(hosts / phi, crashed / phi, all === 0 ? usual.shareIn('other') : expected / all);
}
