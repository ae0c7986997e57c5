import type { RelativeRisk } from '../concurrent/relative-risk';
import { lastWhere } from '../statistics/bisect';
import type { Forecast } from './forecast';
import { type Observed, expectedHosts, lnEvidenceOfRise } from './rate-rise';

const LEAST = 1e-3;
const MOST = 1e7;
/** Both ends together err in at most 5 % of cases, however often one looks. */
const LINE = Math.log(2 / 0.05);

/** The crash rate over that of history, with an interval that stays valid at any time; `high` is null without a bound. */
export function riseRatio(observed: Observed, learned: Forecast): RelativeRisk {
  const expected = expectedHosts(observed, learned);
  if (observed.hosts === 0 || expected === 0) return { estimate: 0, low: 0, high: null };
  const low = lastWhere((ratio) => lnEvidenceOfRise(observed, learned, ratio) >= LINE, LEAST, MOST);
  const high = lastWhere((ratio) => lnEvidenceOfRise(observed, learned, ratio, -1) < LINE, LEAST, MOST);
  return { estimate: observed.hosts / expected, low: low <= LEAST ? 0 : low, high: high >= MOST ? null : high };
}
