/** P(N = n) for n = 0..most of a Poisson count, added up from the mode's side that does not underflow. */
export function poissonProbabilities(mean: number, most: number): number[] {
  const probabilities = [Math.exp(-mean)];
  for (let n = 1; n <= most; n++) probabilities.push((probabilities[n - 1]! * mean) / n);
  return probabilities;
}

/** ln n!, by Stirling's series beyond 20. */
function lnFactorial(n: number): number {
  if (n > 20) return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  let product = 1;
  for (let k = 2; k <= n; k++) product *= k;
  return Math.log(product);
}

/** P(N >= n), also where it is tiny: the smaller side is summed. */
export function poissonTail(n: number, mean: number): number {
  if (n <= 0) return 1;
  if (mean <= 0) return 0;
  const isBelow = n <= mean;
  const first = isBelow ? n - 1 : n;
  let term = Math.exp(first * Math.log(mean) - mean - lnFactorial(first));
  let sum = 0;
  for (let k = first; k >= 0 && term > sum * 1e-16;) {
    sum += term;
    term *= isBelow ? k-- / mean : mean / ++k;
  }
  return isBelow ? 1 - sum : sum;
}

/** The complement of the error function, relative error below 1.2e-7 (Chebyshev fit, Press et al.). */
export function erfc(x: number): number {
  const z = Math.abs(x);
  const t = 1 / (1 + z / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const polynomial = coefficients.reduceRight((sum, each) => sum * t + each, 0);
  const value = t * Math.exp(-z * z + polynomial);
  return x >= 0 ? value : 2 - value;
}
