import { lastWhere } from './bisect';
import { lnGamma } from './gamma';

/** Each end errs in at most half of 5 % of cases. */
const TAIL = 0.025;
const LEAST = 1e-15;

/** Exact 95 % interval of a share of which `k` of `n` were seen. Source: Clopper and Pearson 1934, Biometrika 26. */
export function clopperPearson(k: number, n: number): { low: number; high: number } {
  return {
    low: k === 0 ? 0 : lastWhere((share) => incompleteBeta(share, k, n - k + 1) < TAIL, LEAST, 1),
    high: k === n ? 1 : lastWhere((share) => incompleteBeta(share, k + 1, n - k) < 1 - TAIL, LEAST, 1),
  };
}

/** The regularized incomplete beta function I_x(a, b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
  const lnFront = lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  // The fraction converges fast only below the mean; above it the mirrored one does.
  if (x > (a + 1) / (a + b + 2)) return 1 - (Math.exp(lnFront) * continuedFraction(1 - x, b, a)) / b;
  return (Math.exp(lnFront) * continuedFraction(x, a, b)) / a;
}

const PRECISION = 1e-15;
const TINY = 1e-300;
const MOST_STEPS = 10_000;

/** The continued fraction of I_x(a, b), by Lentz's method. Source: DLMF 8.17.22, https://dlmf.nist.gov/8.17#v */
function continuedFraction(x: number, a: number, b: number): number {
  const apart = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / apart(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let step = 1; step <= MOST_STEPS; step++) {
    const even = (step * (b - step) * x) / ((a + 2 * step - 1) * (a + 2 * step));
    const odd = (-(a + step) * (a + b + step) * x) / ((a + 2 * step) * (a + 2 * step + 1));
    for (const term of [even, odd]) {
      d = 1 / apart(1 + term * d);
      c = apart(1 + term / c);
      value *= d * c;
    }
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return value;
}
