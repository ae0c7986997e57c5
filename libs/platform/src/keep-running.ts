import { setTimeout as sleep } from 'node:timers/promises';
import { type Progress } from './progress';
import { restartDelays } from './restart-delays';
import { type ServerProcess } from './server-process';
import { describeExit } from './tied-process';

/** Starts a server again whenever it ends, later each time, and says so, until the returned function is called. */
export function keepRunning(server: ServerProcess, onProgress: Progress): () => void {
  const stop = new AbortController();
  void watch(server, onProgress, stop.signal);
  return () => stop.abort();
}

async function watch(server: ServerProcess, onProgress: Progress, stop: AbortSignal): Promise<void> {
  const restartDelay = restartDelays();
  for (;;) {
    const startedAt = Date.now();
    const exit = await server.exited;
    if (stop.aborted) return;
    const delayMs = restartDelay(Date.now() - startedAt);
    onProgress(`${server.name} ${describeExit(exit)}; starting again in ${delayMs / 1000} s`);
    await sleep(delayMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return;
    await server.start().catch((error: Error) => onProgress(error.message));
  }
}
