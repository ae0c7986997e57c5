import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workFolder } from '../process/requirements.cjs';

/**
 * A new folder under .ringwatch/tmp. It is named after this process, so that the folders of killed runs can be told from
 * those in use, and are deleted now.
 */
export function temporaryFolder(): string {
  const parent = join(workFolder, 'tmp');
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (!isRunning(Number(name.split('-')[0])))
      rmSync(join(parent, name), { recursive: true, force: true, maxRetries: 5 });
  }
  return mkdtempSync(join(parent, `${process.pid}-`));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
