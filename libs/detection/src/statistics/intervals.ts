import { lastWhere } from './bisect';
import { lnGamma, lnLowerGamma, lnUpperGamma } from './gamma';

/** An interval; `high` is null where there is no upper bound. */
export interface Interval {
  low: number;
  high: number | null;
}

/** Each end errs in at most half of 5 % of cases. */
const TAIL = 0.025;
const LEAST = 1e-12;
const MOST = 1e12;

/** The point that a gamma variable of this shape and rate 1 falls below with probability `p`; at most 1e12, 0 under 1e-12. */
export function gammaQuantile(p: number, shape: number): number {
  const isBelow =
    p < 0.5
      ? (x: number) => lnLowerGamma(shape, x) < Math.log(p)
      : (x: number) => lnUpperGamma(shape, x) > Math.log1p(-p);
  const found = lastWhere(isBelow, LEAST, MOST);
  return found === LEAST ? 0 : found;
}

/** Exact 95 % interval of a Poisson mean of which `n` events were seen. Source: Garwood 1936, Biometrika 28. */
export function garwood(n: number): { low: number; high: number } {
  return { low: n === 0 ? 0 : gammaQuantile(TAIL, n), high: gammaQuantile(1 - TAIL, n + 1) };
}

/** Events in two groups, and the host time (or hosts) in which they came. */
export interface TwoRates {
  treated: number;
  treatedTime: number;
  controls: number;
  controlTime: number;
}

/**
 * 95 % interval of the ratio of two Poisson rates, given how many events there were in all. `exact` covers at least that
 * often; `mid-P` counts the observed outcome half and covers it about that often.
 */
export function rateRatioInterval(rates: TwoRates, kind: 'exact' | 'mid-P'): Interval {
  const { treated, treatedTime, controls, controlTime } = rates;
  const total = treated + controls;
  const observed = kind === 'exact' ? 1 : 0.5;
  /** Chance of so many treated events or more at a ratio, and of so many or fewer. */
  const tail = (ratio: number, from: number, until: number) => {
    const odds = (ratio * treatedTime) / controlTime;
    let sum = 0;
    for (let k = from; k <= until; k++) sum += (k === treated ? observed : 1) * binomial(k, total, odds);
    return sum;
  };
  const low = treated === 0 ? 0 : lastWhere((ratio) => tail(ratio, treated, total) < TAIL, LEAST, MOST);
  const high = controls === 0 ? null : lastWhere((ratio) => tail(ratio, 0, treated) > TAIL, LEAST, MOST);
  return { low, high };
}

/** Chance of `k` of `n` where success has the odds given. */
function binomial(k: number, n: number, odds: number): number {
  const lnChoices = lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);
  return Math.exp(lnChoices + k * Math.log(odds) - n * Math.log1p(odds));
}

/** 97.5 % of a normal distribution lies below. */
const Z = 1.959963984540054;

/**
 * The Mantel-Haenszel rate ratio over strata with its 95 % interval; null where one of the groups has no event, for then it
 * is 0 or has no bound, and no interval. Source: Rothman, Greenland, Lash: Modern Epidemiology, chapter 15; variance by
 * Greenland and Robins 1985, https://doi.org/10.2307/2530643
 */
export function mantelHaenszel(strata: readonly TwoRates[]): { ratio: number; low: number; high: number } | null {
  let [above, below, variance] = [0, 0, 0];
  for (const { treated, treatedTime, controls, controlTime } of strata) {
    const time = treatedTime + controlTime;
    if (time === 0) continue;
    above += (treated * controlTime) / time;
    below += (controls * treatedTime) / time;
    variance += ((treated + controls) * treatedTime * controlTime) / (time * time);
  }
  if (above === 0 || below === 0) return null;
  const ratio = above / below;
  const spread = Math.exp(Z * Math.sqrt(variance / (above * below)));
  return { ratio, low: ratio / spread, high: ratio * spread };
}

/**
 * The information component: log2 of how often a bucket goes with an update against what both are worth by themselves,
 * shrunk by half an event, and its 2.5 % bound; for counts that nobody can set against exposed hosts. Source: Noren, Hopstadius,
 * Bate 2013, https://doi.org/10.1177/0962280211403604
 */
export function informationComponent(n: number, expected: number): { value: number; low: number } {
  const [shape, rate] = [n + 0.5, expected + 0.5];
  return { value: Math.log2(shape / rate), low: Math.log2(gammaQuantile(TAIL, shape) / rate) };
}

/**
 * 95 % interval of a rate ratio that holds at any time: `n` events where `mu` were expected at ratio 1. Every ratio r0 is
 * left out against which a gamma mixture centred on it has E >= 20. Published for shape = rate = 1/2.
 */
export function anytimeRatioInterval(n: number, mu: number, shape = 0.5): Interval {
  const isOut = (ratio: number) => {
    const expected = ratio * mu;
    const lnE =
      expected +
      shape * Math.log(shape) +
      lnGamma(shape + n) -
      lnGamma(shape) -
      (shape + n) * Math.log(shape + expected);
    return lnE > -Math.log(2 * TAIL);
  };
  const best = Math.max(n / mu, LEAST);
  const low = lastWhere(isOut, LEAST, best);
  const high = lastWhere((ratio) => !isOut(ratio), best, MOST);
  return { low: low === LEAST ? 0 : low, high: high === MOST ? null : high };
}
