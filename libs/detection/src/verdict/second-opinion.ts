import { Contrast, isTelling } from '../concurrent/contrast';
import { ANY_DRIVER } from '../concurrent/buckets';
import { alarmLine } from '../policy';
import type { DetectionPolicy } from '../policy';
import {
  Interval,
  anytimeRatioInterval,
  garwood,
  informationComponent,
  mantelHaenszel,
  rateRatioInterval,
} from '../statistics/intervals';
import type { TwoRates } from '../statistics/intervals';
import { lnEvidenceAboveRate } from '../statistics/known-rate';
import { criticalValue, lnLikelihoodRatio } from '../statistics/maxsprt';
import type { WatchedUpdate } from '../watched-update';

/**
 * What published methods say of the same counts, for people who want to check the verdict by hand. It decides nothing: these
 * methods ask whether the rate is higher at all, not whether it is higher than what an innocent update may cause.
 */
export interface SecondOpinion {
  /** Poisson MaxSPRT: ln of the likelihood ratio, the exact critical value, and whether it is reached; until `horizon` expected. */
  maxsprt: { lnRatio: number; critical: number; horizon: number; agrees: boolean } | null;
  /**
   * Rate ratio with its 95 % interval: by Mantel-Haenszel over all bins and strata, from pooled rates (mid-P) where a group has
   * no crash; against history by a gamma mixture that holds at any time.
   */
  rateRatio: (Interval & { estimate: number | null; method: 'mantel-haenszel' | 'mid-P' | 'gamma-mixture' }) | null;
  /** Crashed hosts among those that took the update, with the exact 95 % interval. */
  crashRate: { estimate: number; low: number; high: number } | null;
  /** How much more often the bucket goes with the update than with other crashes (log2), and its 2.5 % bound: no host that did not crash is asked. */
  informationComponent: { value: number; low: number } | null;
  /** ln E of the gamma-Poisson mixture, where the rate is known from history; null where hosts are compared. */
  knownRate: number | null;
}

/** The test ends when so many hosts were expected to crash: far more than it takes to see an update that matters. */
const HORIZON = 200;

/** The critical value takes some ten walks of the exact recursion, so it is kept: it depends on the policy alone. */
const criticalValues = new Map<string, number>();

/** `bucket`: the one that says most; `contrasts`: its own over all ages. */
export function secondOpinion(
  watched: WatchedUpdate,
  bucket: string,
  contrasts: readonly Contrast[],
  policy: DetectionPolicy,
): SecondOpinion {
  const strata = contrasts.filter(isTelling).map(toRates);
  return {
    maxsprt: maxSprt(strata, policy),
    rateRatio: rateRatio(strata),
    crashRate: crashRate(watched, bucket),
    informationComponent: disproportion(watched, bucket),
    knownRate: null,
  };
}

/** The same where no host can be compared: so many hosts crashed, of whom history lets expect so many. */
export function secondOpinionOnHistory(observed: number, expected: number, policy: DetectionPolicy): SecondOpinion {
  const isKnown = observed > 0 && expected > 0;
  return {
    maxsprt: isKnown ? testAgainst(observed, expected, policy) : null,
    rateRatio: isKnown
      ? { estimate: observed / expected, ...anytimeRatioInterval(observed, expected), method: 'gamma-mixture' }
      : null,
    crashRate: null,
    informationComponent: isKnown ? informationComponent(observed, expected) : null,
    knownRate: isKnown ? lnEvidenceAboveRate(observed, expected) : null,
  };
}

function toRates({ crashed, crashedTreated, eligible, treated }: Contrast): TwoRates {
  return {
    treated: crashedTreated,
    treatedTime: treated,
    controls: crashed - crashedTreated,
    controlTime: eligible - treated,
  };
}

/** What is expected is estimated from the controls, with half a crash more, so that it is never nothing. */
function maxSprt(strata: readonly TwoRates[], policy: DetectionPolicy): SecondOpinion['maxsprt'] {
  const observed = sum(strata, ({ treated }) => treated);
  const crashed = sum(strata, ({ treated, controls }) => treated + controls);
  if (observed === 0) return null;
  const odds = sum(strata, (each) => ((each.treated + each.controls) * each.treatedTime) / each.controlTime) / crashed;
  const expected =
    sum(strata, ({ controls, treatedTime, controlTime }) => (controls * treatedTime) / controlTime) + odds / 2;
  return testAgainst(observed, expected, policy);
}

function testAgainst(observed: number, expected: number, policy: DetectionPolicy): SecondOpinion['maxsprt'] {
  if (expected > HORIZON) return null;
  const lnRatio = lnLikelihoodRatio(observed, expected);
  const critical = criticalFor(policy);
  return { lnRatio, critical, horizon: HORIZON, agrees: observed >= policy.minHosts && lnRatio >= critical };
}

function criticalFor(policy: DetectionPolicy): number {
  const key = `${policy.alpha} ${policy.minHosts}`;
  let critical = criticalValues.get(key);
  if (critical === undefined) {
    critical = criticalValue({ alpha: Math.exp(-alarmLine(policy)), horizon: HORIZON, minEvents: policy.minHosts });
    criticalValues.set(key, critical);
  }
  return critical;
}

function rateRatio(strata: readonly TwoRates[]): SecondOpinion['rateRatio'] {
  if (strata.length === 0) return null;
  const stratified = mantelHaenszel(strata);
  if (stratified)
    return { estimate: stratified.ratio, low: stratified.low, high: stratified.high, method: 'mantel-haenszel' };
  const pooled: TwoRates = {
    treated: sum(strata, ({ treated }) => treated),
    treatedTime: sum(strata, ({ treatedTime }) => treatedTime),
    controls: sum(strata, ({ controls }) => controls),
    controlTime: sum(strata, ({ controlTime }) => controlTime),
  };
  return { estimate: pooled.treated === 0 ? 0 : null, ...rateRatioInterval(pooled, 'mid-P'), method: 'mid-P' };
}

function crashRate(watched: WatchedUpdate, bucket: string): SecondOpinion['crashRate'] {
  const exposed = watched.applied.total();
  const crashed = watched.cells().get(bucket)?.totals().treated ?? 0;
  if (exposed === 0 || crashed > exposed) return null;
  const { low, high } = garwood(crashed);
  return { estimate: crashed / exposed, low: low / exposed, high: Math.min(1, high / exposed) };
}

function disproportion(watched: WatchedUpdate, bucket: string): SecondOpinion['informationComponent'] {
  const all = watched.cells().get(ANY_DRIVER)?.totals();
  const own = watched.cells().get(bucket)?.totals();
  if (!all || !own || bucket === ANY_DRIVER) return null;
  return informationComponent(own.treated, (all.treated * own.crashed) / all.crashed);
}

function sum<Each>(all: readonly Each[], of: (each: Each) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}
