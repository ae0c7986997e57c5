const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 15_000;
/** What ran this long did not crash because of how it was started. */
const STABLE_AFTER_MS = 60_000;

/**
 * How long to wait before a crashed process is started again: given how long it ran, 0.5 s at first, twice as long after
 * each further crash up to 15 s, and 0.5 s again once it ran for a minute.
 */
export function restartDelays(): (ranForMs: number) => number {
  let crashes = 0;
  return (ranForMs) => {
    crashes = ranForMs >= STABLE_AFTER_MS ? 1 : crashes + 1;
    return Math.min(FIRST_DELAY_MS * 2 ** (crashes - 1), MAX_DELAY_MS);
  };
}
