import type { RandomSource } from '@ringwatch/fleet';

/**
 * Crashed hosts that come in clumps of 1 + Poisson(phi - 1): their number has phi times the variance of chance (Neyman's
 * compound Poisson). A tilt makes it likelier that many hosts crash which have the update and few that have not; what is
 * drawn under it is weighed by its likelihood ratio (Siegmund 1976).
 */
export interface Tilt {
  /** Each crashed host with the update counts e^treated times, each without it e^untreated times. */
  treated: number;
  untreated: number;
}

export const noTilt: Tilt = { treated: 0, untreated: 0 };

/** The sizes of the clumps in a cell in which `mean` hosts are expected to crash. */
export function drawClumps(mean: number, phi: number, tilt: number, random: RandomSource): number[] {
  const clumps = random.poisson((mean / phi) * momentOf(phi, tilt));
  return Array.from({ length: clumps }, () => 1 + random.poisson((phi - 1) * Math.exp(tilt)));
}

/** ln of how much likelier a tilt makes such a cell. */
export function lnLikelihood(hosts: number, mean: number, phi: number, tilt: number): number {
  return tilt === 0 ? 0 : tilt * hosts - (mean / phi) * (momentOf(phi, tilt) - 1);
}

/** The tilt with which `factor` times as many hosts are expected. */
export function tiltFor(factor: number, phi: number): number {
  let [low, high] = [-10, 10];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    const expected = (momentOf(phi, middle) * (1 + (phi - 1) * Math.exp(middle))) / phi;
    if (expected < factor) low = middle;
    else high = middle;
  }
  return low;
}

/** E exp(tilt x size) of one clump. */
function momentOf(phi: number, tilt: number): number {
  return Math.exp(tilt + (phi - 1) * Math.expm1(tilt));
}
