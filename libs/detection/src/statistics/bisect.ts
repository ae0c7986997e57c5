/** Halvings that leave nothing but rounding. */
const STEPS = 100;

/**
 * The point between two positive bounds, `low` < `high`, up to which a condition holds; it holds below and fails above. One
 * of the bounds where it holds or fails throughout. Halves the logarithm.
 */
export function lastWhere(holds: (x: number) => boolean, low: number, high: number, steps = STEPS): number {
  if (holds(high)) return high;
  if (!holds(low)) return low;
  let [from, until] = [Math.log(low), Math.log(high)];
  for (let step = 0; step < steps; step++) {
    const middle = (from + until) / 2;
    if (middle <= from || middle >= until) break;
    if (holds(Math.exp(middle))) from = middle;
    else until = middle;
  }
  return Math.exp(from);
}
