import { lnGamma } from './gamma';
import { minusLambert } from './lambert';

/**
 * The maximised sequential probability ratio test for Poisson counts against a known rate, with exact critical values. H0: the
 * rate ratio is at most 1. Source: Kulldorff, Davis, Kolczak, Lewis, Lieu, Platt 2011, https://doi.org/10.1080/07474946.2011.539924
 */
export interface MaxSprtDesign {
  /** Chance of a false signal. */
  alpha: number;
  /** The test ends when so many events were expected. */
  horizon: number;
  /** Fewest events that may signal; 1 unless said. */
  minEvents?: number;
  /** No look before so many events were expected; 0 unless said. */
  firstLook?: number;
  /** The expected events at each look, ascending up to the horizon, where one looks only then and not at every event. */
  looks?: readonly number[];
}

/** One look at the counts: from so many events on it signals. */
interface Look {
  mu: number;
  events: number;
}

/** ln of the largest likelihood ratio of `n` events where `mu` were expected; 0 where no more came than that. */
export function lnLikelihoodRatio(n: number, mu: number): number {
  return n > mu ? n * Math.log(n / mu) - (n - mu) : 0;
}

/** Critical values are found to so much, sizes to this part of alpha. */
const PRECISION = 1e-10;

/**
 * The critical value that keeps the design's alpha: to signal, `lnLikelihoodRatio` must reach it. Where looks are few, sizes
 * come in steps; it is then the least value whose size is at most alpha. It takes some ten walks, see `walk`.
 */
export function criticalValue(design: MaxSprtDesign): number {
  const excess = (critical: number) => Math.log(sizeOf(design, critical) / design.alpha);
  let low = { critical: 0, excess: Infinity };
  let high = { critical: 20 - 1.5 * Math.log(design.alpha), excess: -Infinity };
  // Every other step halves what is left, so that steps in the size cannot hold the interpolation up.
  for (let step = 0; high.critical - low.critical > PRECISION; step++) {
    const middle = (low.critical + high.critical) / 2;
    const crossing = low.critical + ((high.critical - low.critical) * low.excess) / (low.excess - high.excess);
    const critical = step % 2 === 0 && crossing > low.critical && crossing < high.critical ? crossing : middle;
    const tried = { critical, excess: excess(critical) };
    if (Math.abs(tried.excess) < PRECISION) return critical;
    if (tried.excess > 0) low = tried;
    else high = tried;
  }
  return high.critical;
}

/** The chance that a design with this critical value signals where the rate ratio is 1. */
export function sizeOf(design: MaxSprtDesign, critical: number): number {
  return walk(looksOf(design, critical), 1).power;
}

/** How a design with this critical value does where the rate ratio is `ratio`. */
export interface Performance {
  /** Chance of a signal before the horizon: at ratio 1 the size of the test. */
  power: number;
  /** Expected events under H0 at the signal, among runs with one, and at the end of a run with or without. */
  meanAtSignal: number;
  meanAtEnd: number;
}

export function performance(design: MaxSprtDesign, critical: number, ratio: number): Performance {
  const { power, meanAtEnd } = walk(looksOf(design, critical), ratio);
  return { power, meanAtEnd, meanAtSignal: (meanAtEnd - (1 - power) * design.horizon) / power };
}

/**
 * The looks that amount to a look after every event: `n` events signal exactly when the n-th comes at or before
 * mu_n = -n W0(-exp(-1 - critical/n)), so it is enough to look at these moments, at the first look and at the horizon.
 */
function looksOf({ horizon, minEvents = 1, firstLook = 0, looks }: MaxSprtDesign, critical: number): Look[] {
  const latest = (n: number) => n * minusLambert(1 + critical / n);
  let events = minEvents;
  const at = (mu: number): Look => {
    while (latest(events) < mu) events++;
    return { mu, events };
  };
  if (looks) return looks.map(at);
  const found = firstLook > 0 ? [at(firstLook)] : [];
  for (; latest(events) < horizon; events++) found.push({ mu: latest(events), events });
  return [...found, at(horizon)];
}

/** What is less likely than this is not carried on: over all looks together it changes no digit of any alpha in use. */
const NEGLIGIBLE = 1e-25;

interface Walk {
  /** Chance of a signal, summed up by itself: 1 less the chance of none would lose it. */
  power: number;
  meanAtEnd: number;
}

/**
 * Goes from look to look with the chance of each count of events among runs that have not signalled. The time grows with the
 * horizon to the power 3/2: some 5 ms for 200, 50 ms for 1000.
 */
function walk(looks: readonly Look[], ratio: number): Walk {
  let [first, chances] = [0, Float64Array.of(1)];
  let [mu, power, meanAtEnd] = [0, 0, 0];
  for (const look of looks) {
    const { exactly, atLeast, waiting } = poisson((look.mu - mu) * ratio);
    const next = new Float64Array(look.events - first);
    for (let k = 0; k < chances.length; k++) {
      const chance = chances[k]!;
      const more = Math.min(next.length - k, exactly.length);
      power += chance * (next.length - k < atLeast.length ? atLeast[next.length - k]! : 0);
      meanAtEnd += (chance * waiting[more]!) / ratio;
      for (let j = 0; j < more; j++) next[k + j]! += chance * exactly[j]!;
    }
    const skipped = Math.max(
      0,
      next.findIndex((chance) => chance > NEGLIGIBLE),
    );
    first += skipped;
    chances = next.subarray(skipped);
    mu = look.mu;
  }
  return { power, meanAtEnd };
}

/**
 * Poisson chances of 0, 1, ... events and of at least so many, summed from the small ones up, as far as they matter; and the
 * mean time in which fewer than so many come, at the rate 1 and until `mean` at most: the integral of P(N(s) < n).
 */
function poisson(mean: number): { exactly: Float64Array; atLeast: Float64Array; waiting: Float64Array } {
  const mode = Math.floor(mean);
  const exactly = [Math.exp((mode === 0 ? 0 : mode * Math.log(mean)) - mean - lnGamma(mode + 1))];
  for (let k = mode; k > 0; k--) exactly.unshift((exactly[0]! * k) / mean);
  for (let k = mode + 1; exactly[k - 1]! > NEGLIGIBLE; k++) exactly.push((exactly[k - 1]! * mean) / k);
  const atLeast = new Float64Array(exactly.length + 1);
  for (let k = exactly.length - 1; k >= 0; k--) atLeast[k] = atLeast[k + 1]! + exactly[k]!;
  const waiting = new Float64Array(exactly.length + 1);
  for (let n = 1; n < waiting.length; n++) waiting[n] = waiting[n - 1]! + atLeast[n]!;
  return { exactly: Float64Array.from(exactly), atLeast, waiting };
}
