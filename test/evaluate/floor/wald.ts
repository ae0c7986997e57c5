/**
 * The least events that any test needs on average (Wald 1945): a test of size alpha of "rate ratio 1" against `ratio`, where
 * the rate without the effect is known.
 */
export function waldEvents(ratio: number, alpha: number): number {
  return (Math.log(1 / alpha) * ratio) / (ratio * Math.log(ratio) - ratio + 1);
}
