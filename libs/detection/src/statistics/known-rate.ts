import { lnGamma, lnUpperGamma } from './gamma';

/** A gamma distribution of the rate ratio. */
export interface GammaPrior {
  shape: number;
  rate: number;
}

/**
 * Spreads the weight over ratios from 1 to about 500. At a ratio of 10 it needs 11.5 events to reach ln E = 13.8 where the
 * best possible test needs 9.9; Gamma(1, 1) needs 14.
 */
export const defaultPrior: GammaPrior = { shape: 0.5, rate: 0.01 };

/**
 * ln E of `n` events where at most `mu` were expected: the gamma-Poisson mixture over rate ratios above 1. May be looked at
 * after every event: where the rate is at most what `mu` says, E ever passes 1/alpha with probability alpha at most.
 * `n` >= 0, `mu` >= 0. Source: Howard, Ramdas, McAuliffe, Sekhon 2021, https://arxiv.org/abs/1810.08240, cut to ratios > 1.
 */
export function lnEvidenceAboveRate(n: number, mu: number, { shape, rate }: GammaPrior = defaultPrior): number {
  return (
    mu +
    shape * Math.log(rate) -
    (shape + n) * Math.log(rate + mu) +
    lnGamma(shape + n) -
    lnGamma(shape) +
    lnUpperGamma(shape + n, rate + mu) -
    lnUpperGamma(shape, rate)
  );
}
