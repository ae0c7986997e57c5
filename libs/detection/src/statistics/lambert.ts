const STEPS = 50;

/**
 * The root y in (0, 1] of y - ln y = t for t >= 1, that is -W0(-exp(-t)) with W0 the upper branch of Lambert's function; asked
 * for by `t`, because exp(-t) loses what matters near 1 and vanishes for large t. Relative error some 1e-15 (near t = 1 that
 * of the square root of t - 1).
 */
export function minusLambert(t: number): number {
  if (t <= 1) return 1;
  const excess = t - 1;
  // Newton's method for s = -ln y, from the expansion around t = 1 or from below for large t: s grows to it, one way.
  let s = excess < 1 ? Math.sqrt(2 * excess) : excess;
  for (let step = 0; step < STEPS; step++) {
    const next = s - (Math.expm1(-s) + s - excess) / -Math.expm1(-s);
    if (Math.abs(next - s) <= 1e-16 * s) return Math.exp(-next);
    s = next;
  }
  return Math.exp(-s);
}
