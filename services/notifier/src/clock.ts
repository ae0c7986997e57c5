/** Time and chance, passed in so that an hour of retries is tested in milliseconds. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

/** The real ones. A sleep does not keep the process from ending. */
export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms).unref()),
  random: () => Math.random(),
};
