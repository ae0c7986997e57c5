import type { RandomSource } from '@ringwatch/fleet';

/**
 * Crashed hosts come in clumps of 1 + Poisson(phi - 1): their number has phi times the variance of chance (Neyman's compound
 * Poisson). A tilt makes many clumps likely of hosts which have the update, and few of hosts that have not; what is drawn under it
 * is weighed by its likelihood ratio (Siegmund 1976). Their sizes are not tilted: hosts of one organisation that crash at once count once.
 */
export interface Tilt {
  /** So many times as many clumps of hosts with the update are expected, and of hosts without it. */
  treated: number;
  untreated: number;
}

export const noTilt: Tilt = { treated: 1, untreated: 1 };

/** The sizes of the clumps in a cell in which `mean` hosts are expected to crash without a tilt. */
export function drawClumps(mean: number, phi: number, times: number, random: RandomSource): number[] {
  return Array.from({ length: random.poisson((times * mean) / phi) }, () => 1 + random.poisson(phi - 1));
}

/** ln of how much likelier a tilt makes such a cell. */
export function lnLikelihood(clumps: number, mean: number, phi: number, times: number): number {
  return clumps * Math.log(times) - (mean / phi) * (times - 1);
}
