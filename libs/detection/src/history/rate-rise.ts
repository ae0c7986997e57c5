import { ratioGrid } from '../concurrent/contrast';
import { logSumExp } from '../concurrent/contrast';
import { type Forecast, hoursIn } from './forecast';
import { dispersionOver } from './dispersion';

/** Distinct hosts that crashed in a span of event time (ms), against what is expected of it. */
export interface Observed {
  hosts: number;
  from: number;
  until: number;
}

/**
 * ln E that the rate has risen to more than `nullRatio` times its history; below 0 where it has not. Counts are divided by
 * the dispersion. What is known of the rate is worth `hosts` crashed hosts in `hours` (a Polya process), so a short history
 * says little: of n hosts in the time M the likelihood at rate ratio r is M^n r^n / (hours + r M)^(n + hosts + 1/2), and E
 * is its mean over candidate ratios above `nullRatio`, over that at `nullRatio`. Source: Li & Kulldorff 2010 (conditional
 * MaxSPRT), as a mixture. `sign` -1 mirrors the test: the candidates then lie below.
 */
export function lnEvidenceOfRise(observed: Observed, learned: Forecast, nullRatio: number, sign: 1 | -1 = 1): number {
  if (learned.hours === 0) return 0;
  const span = hoursIn(learned.season, observed.from, observed.until);
  const phi = dispersionOver(learned.dispersion, (observed.until - observed.from) / 3_600_000);
  const shape = (observed.hosts + learned.hosts) / phi + 0.5;
  const atNull = Math.log(learned.hours + nullRatio * span);
  const terms = ratioGrid.map((ratio) => {
    const candidate = nullRatio * (sign === 1 ? ratio : 1 / ratio);
    const lnRatio = Math.log(candidate / nullRatio);
    return (observed.hosts / phi) * lnRatio - shape * (Math.log(learned.hours + candidate * span) - atNull);
  });
  return logSumExp(terms) - Math.log(terms.length);
}

/** Distinct hosts that are expected in a span: the mean of the posterior. */
export function expectedHosts({ from, until }: Omit<Observed, 'hosts'>, learned: Forecast): number {
  if (learned.hours === 0) return 0;
  const phi = dispersionOver(learned.dispersion, (until - from) / 3_600_000);
  return ((learned.hosts + phi / 2) / learned.hours) * hoursIn(learned.season, from, until);
}
