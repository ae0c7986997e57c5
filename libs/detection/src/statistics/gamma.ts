/**
 * The gamma function and its relatives, in logarithms throughout: evidence lives where the plain values under- or overflow.
 * Of the packages at hand one loses three digits of the incomplete gamma function from a = 1000 on, another has no upper
 * tail under 1e-13. Formulas: NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov/5.11 and /8.
 */

/** Terms that add less than this part of a sum do not change it. */
const PRECISION = 1e-17;
/** The series and the fraction need some ten square roots of `a` terms at worst, near x = a. */
const MAX_TERMS = 1_000_000;

/** Stirling's series holds to the last digit from here on. */
const LEAST_STIRLING = 12;
const HALF_LN_2_PI = Math.log(2 * Math.PI) / 2;
/** B(2k) / (2k (2k - 1)) for k = 1, 2, ... with B the Bernoulli numbers: the coefficients of Stirling's series. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156, -3617 / 122_400];

/** What Stirling's formula leaves: ln gamma(x) - (x - 1/2) ln x + x - ln(2 pi)/2, for x >= 12. */
function stirlingRest(x: number): number {
  return STIRLING.reduceRight((sum, coefficient) => sum / (x * x) + coefficient, 0) / x;
}

/** ln of the gamma function for x > 0; absolute error below 1e-14 times the larger of 1 and the result. */
export function lnGamma(x: number): number {
  let shifted = x;
  let product = 1;
  for (; shifted < LEAST_STIRLING; shifted++) product *= shifted;
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LN_2_PI + stirlingRest(shifted) - Math.log(product);
}

/** ln of the beta function for a, b > 0. */
export function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

/** ln(1 - exp(x)) for x < 0, without losing what is near 0 or near 1. */
export function ln1mExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** ln(1 + d) - d for d > -1, without the cancellation around 0. */
export function ln1pMinus(d: number): number {
  if (Math.abs(d) > 0.25) return Math.log1p(d) - d;
  let power = -d * d;
  let sum = power / 2;
  for (let k = 3; Math.abs(power) > Math.abs(sum) * PRECISION; k++) {
    power *= -d;
    sum += power / k;
  }
  return sum;
}

/** ln of x^a e^-x / gamma(a): what the series and the continued fraction are multiplied by. */
function lnFront(a: number, x: number): number {
  if (a < LEAST_STIRLING) return a * Math.log(x) - x - lnGamma(a);
  return a * ln1pMinus((x - a) / a) + Math.log(a) / 2 - HALF_LN_2_PI - stirlingRest(a);
}

/** ln P(a, x) by its power series, quick for x < a + 1. */
function lnLowerBySeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < MAX_TERMS && term > sum * PRECISION; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return lnFront(a, x) + Math.log(sum);
}

/** ln Q(a, x) by its continued fraction with Lentz's method, quick for x >= a + 1. */
function lnUpperByFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k < MAX_TERMS; k++) {
    const numerator = -k * (k - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    const factor = d * c;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return lnFront(a, x) + Math.log(value);
}

/** ln P(a, x), the regularised lower incomplete gamma function, a > 0, x >= 0. */
export function lnLowerGamma(a: number, x: number): number {
  if (x <= 0) return -Infinity;
  return x < a + 1 ? lnLowerBySeries(a, x) : ln1mExp(lnUpperByFraction(a, x));
}

/** ln Q(a, x), the regularised upper incomplete gamma function, a > 0, x >= 0: also far below 1e-300 and for a > 1000. */
export function lnUpperGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? ln1mExp(lnLowerBySeries(a, x)) : lnUpperByFraction(a, x);
}
