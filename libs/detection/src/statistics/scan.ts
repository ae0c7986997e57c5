/** One part of the fleet: hosts seen to crash, and those expected. */
export interface Unit {
  name: string;
  observed: number;
  expected: number;
}

/** The part of the fleet in which more crash than expected, and ln of the likelihood ratio for it. */
export interface Cluster {
  names: string[];
  lnRatio: number;
}

/**
 * The units that together stand out most, by the expectation-based Poisson scan; none where nothing is over its expectation.
 * The best set of any size is always a prefix of the units in order of observed to expected, so all sets are searched.
 * Source: Neill 2012, https://doi.org/10.1111/j.1467-9868.2011.01014.x
 */
export function scan(units: readonly Unit[]): Cluster {
  let [observed, expected] = [0, 0];
  let best: Cluster = { names: [], lnRatio: 0 };
  const ranked = units.filter((unit) => unit.expected > 0).sort(byRatio);
  for (const [index, unit] of ranked.entries()) {
    observed += unit.observed;
    expected += unit.expected;
    const lnRatio = observed > expected ? observed * Math.log(observed / expected) + expected - observed : 0;
    if (lnRatio > best.lnRatio) best = { names: ranked.slice(0, index + 1).map(({ name }) => name), lnRatio };
  }
  return best;
}

function byRatio(a: Unit, b: Unit): number {
  return b.observed / b.expected - a.observed / a.expected || (a.name < b.name ? -1 : 1);
}

/**
 * How evenly crashes follow exposure: 1 where every unit has its share of both, 1/k or so where all fall on one of k units
 * with equal shares. (sum w r)^2 / sum w r^2 with w the unit's share of the exposure and r its crashes against its share.
 */
export function spread(units: ReadonlyArray<{ observed: number; exposed: number }>): number {
  const exposed = units.reduce((sum, unit) => sum + unit.exposed, 0);
  let [mean, square] = [0, 0];
  for (const unit of units) {
    if (unit.exposed === 0) continue;
    const share = unit.exposed / exposed;
    const ratio = unit.observed / share;
    mean += share * ratio;
    square += share * ratio * ratio;
  }
  return square === 0 ? 1 : (mean * mean) / square;
}
