/** An hour of event time, as milliseconds. */
export const HOUR_MS = 3_600_000;

/** ClickHouse's `DateTime` ends here (7 February 2106), in milliseconds since 1970. */
const END_MS = 2 ** 32 * 1_000;

/** Start of the hour of an instant, both in milliseconds since 1970 UTC; what no `DateTime` can hold is cut to its ends. */
export function startOfHour(ms: number): number {
  return Math.floor(Math.min(Math.max(ms, 0), END_MS - HOUR_MS) / HOUR_MS) * HOUR_MS;
}

/** Milliseconds as the whole seconds that a `DateTime` holds. */
export const toSeconds = (ms: number): number => Math.floor(ms / 1_000);
