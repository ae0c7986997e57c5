import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Done, Job } from './job';

/**
 * Does jobs in so many processes, one job each at a time; `onDone` is told of each in the order in which they end. After
 * `endsAt` (milliseconds since 1970 UTC) none is begun any more.
 */
export async function doAll(
  jobs: readonly Job[],
  { processes, endsAt }: { processes: number; endsAt: number },
  onDone: (done: Done) => void,
): Promise<void> {
  const waiting = [...jobs].reverse();
  const nextJob = () => (Date.now() < endsAt ? waiting.pop() : undefined);
  const children = Array.from({ length: Math.min(processes, jobs.length) }, () => fork(join(__dirname, 'worker.ts')));
  const end = () => {
    for (const child of children) child.kill();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  try {
    await Promise.all(children.map((child) => keepBusy(child, nextJob, onDone)));
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
    for (const child of children) child.kill();
  }
}

function keepBusy(child: ChildProcess, nextJob: () => Job | undefined, onDone: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      const job = nextJob();
      if (job) child.send(job);
      else resolve();
    };
    child.on('message', (done: Done) => {
      onDone(done);
      next();
    });
    child.once('exit', (code) => reject(new Error(`a process of the evaluation ended with ${code}`)));
    next();
  });
}
