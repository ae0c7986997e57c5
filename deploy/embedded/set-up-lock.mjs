import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 500;

/**
 * Runs `work` while no other set-up of this checkout does: the later one waits, and finds everything done. The lock of a
 * process that is dead is removed.
 */
export async function aloneIn(lockFile, say, work) {
  mkdirSync(dirname(lockFile), { recursive: true });
  let said = false;
  while (!take(lockFile)) {
    const holder = holderOf(lockFile);
    if (holder !== undefined && !isRunning(holder)) {
      say(`removed the lock that set-up ${holder} left when it died`);
      rmSync(lockFile, { force: true });
    } else {
      if (!said) say(`waiting for another set-up (process ${holder}) to end`);
      said = true;
      await sleep(LOOK_AGAIN_MS);
    }
  }
  const release = () => rmSync(lockFile, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

function take(lockFile) {
  try {
    const file = openSync(lockFile, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined in the moment between the making of the file and the writing of the id, and when it was just released. */
function holderOf(lockFile) {
  try {
    return Number(readFileSync(lockFile, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
