const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Lets the first signal end `work` in order, by its `AbortSignal`; a second one ends the process at once. Gives undefined
 * when it was interrupted, whatever `work` threw then.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const controller = new AbortController();
  const stop = () => (controller.signal.aborted ? process.exit(130) : controller.abort());
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) return undefined;
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
