/** After so long without success a change is given up, for one receiver and in the open. */
export const GIVE_UP_AFTER_MS = 3_600_000;

/** Waits between attempts, in seconds; the last one repeats. Pages have to come soon, so it starts short. */
const waits = [1, 2, 4, 8, 15, 30, 60];

/** Part of a wait by which it may be longer, so that many retries do not fall on one moment. */
const JITTER = 0.2;

/**
 * How long to wait after a failed attempt (the first is 1), in milliseconds. `Retry-After` is never undercut, but an answer
 * cannot make us wait for longer than the whole time that is spent on a change. `random` is in [0, 1).
 */
export function waitAfter(attempt: number, retryAfterMs: number | null, random: number): number {
  const ours = waits[Math.min(attempt, waits.length) - 1]! * 1000;
  const asked = Math.min(retryAfterMs ?? 0, GIVE_UP_AFTER_MS);
  return Math.round(Math.max(ours, asked) * (1 + JITTER * random));
}
