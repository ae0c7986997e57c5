import type { RandomSource } from './random';

/** How a duration is distributed; all durations in milliseconds. */
export type Distribution =
  | { kind: 'fixed'; valueMs: number }
  | { kind: 'exponential'; meanMs: number }
  | { kind: 'weibull'; scaleMs: number; shape: number }
  | { kind: 'lognormal'; medianMs: number; sigma: number };

/** Draws one duration in milliseconds, a whole number >= 0. */
export function drawMs(distribution: Distribution, random: RandomSource): number {
  return Math.round(drawExactMs(distribution, random));
}

function drawExactMs(distribution: Distribution, random: RandomSource): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.valueMs;
    case 'exponential':
      return random.exponential(distribution.meanMs);
    case 'weibull':
      return distribution.scaleMs * Math.pow(random.exponential(1), 1 / distribution.shape);
    case 'lognormal':
      return distribution.medianMs * Math.exp(distribution.sigma * random.normal());
  }
}

/** How the hosts of a ring come to take an update over the ring's time; see `adoptionShare`. */
export type AdoptionShape = 'linear' | 'logistic' | 'bursty';

const BURSTS = 8;
/** Steepness of the logistic curve: 12 puts 95 % of the hosts into the middle 60 % of the time. */
const LOGISTIC_STEEPNESS = 12;

/**
 * The moment, as a share 0..1 of the ring's time, at which the host at rank `rank` (0..1, uniform over hosts) takes the
 * update. Linear: evenly. Logistic: few, then most, then the rest. Bursty: in eight waves of falling size.
 */
export function adoptionShare(shape: AdoptionShape, rank: number): number {
  switch (shape) {
    case 'linear':
      return rank;
    case 'logistic':
      return logisticShare(rank);
    case 'bursty':
      return burstyShare(rank);
  }
}

function logisticShare(rank: number): number {
  const edge = 1 / (1 + Math.exp(LOGISTIC_STEEPNESS / 2));
  const inside = edge + rank * (1 - 2 * edge);
  return 0.5 + Math.log(inside / (1 - inside)) / LOGISTIC_STEEPNESS;
}

/** Wave k holds a share of 2(B-k)/(B(B+1)) of the hosts and lasts a tenth of the time up to the next one. */
function burstyShare(rank: number): number {
  let below = 0;
  for (let burst = 0; burst < BURSTS; burst++) {
    const size = (2 * (BURSTS - burst)) / (BURSTS * (BURSTS + 1));
    if (rank < below + size || burst === BURSTS - 1) {
      return (burst + 0.1 * Math.min(1, (rank - below) / size)) / BURSTS;
    }
    below += size;
  }
  return 1;
}
