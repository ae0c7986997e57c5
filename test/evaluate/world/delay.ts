import type { RandomSource } from '@ringwatch/fleet';

/** How long something takes, in milliseconds. */
export type Delay =
  | { kind: 'none' }
  | { kind: 'exponential'; meanMs: number }
  | { kind: 'lognormal'; medianMs: number; sigma: number }
  | { kind: 'weibull'; scaleMs: number; shape: number }
  | { kind: 'fixed'; ms: number; spreadMs?: number };

/** A crash is told after the host has booted again. */
export const afterReboot: Delay = { kind: 'lognormal', medianMs: 180_000, sigma: 1 };

export function drawDelay(delay: Delay, random: RandomSource): number {
  switch (delay.kind) {
    case 'none':
      return 0;
    case 'exponential':
      return random.exponential(delay.meanMs);
    case 'lognormal':
      return delay.medianMs * Math.exp(delay.sigma * random.normal());
    case 'weibull':
      return delay.scaleMs * (-Math.log(random.uniform())) ** (1 / delay.shape);
    case 'fixed':
      return delay.ms + (delay.spreadMs ?? 0) * random.uniform();
  }
}
