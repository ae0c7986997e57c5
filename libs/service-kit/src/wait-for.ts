import type { Logger } from 'pino';

const FIRST_MS = 200;
const MOST_MS = 5_000;
const GIVE_UP_MS = 10 * 60_000;

/**
 * Waits for a part of the outside world at the start of a service, which may come up later than we do: tries until it
 * answers, with back-off, and says each time what is missing. @throws the last error after ten minutes
 */
export async function waitFor<T>(what: string, logger: Logger, attempt: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  for (let delay = FIRST_MS; ; delay = Math.min(MOST_MS, delay * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() - startedAt > GIVE_UP_MS) throw error;
      logger.warn(
        { reason: error instanceof Error ? error.message : String(error), retryInMs: delay },
        `waiting for ${what}`,
      );
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }
}
