import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError } from '../process/requirements.cjs';
import { type Progress } from './progress';

/** A server whose supervisor was killed needs up to 10 s to end; so long a start waits for it instead of failing. */
const WAIT_FOR_ORPHANS_MS = 20_000;
const LOOK_AGAIN_MS = 100;

/** Process ids are used again, so an id alone does not prove that its process is the one that took the lock. */
interface Owner {
  pid: number;
  bornAt: string;
}

/** The claim of this process on a folder. */
export interface FolderLock {
  /** Names a further process (the server itself) that keeps the lock valid should this one be killed. */
  add(pid: number): void;
  release(): void;
}

/**
 * Takes a folder for this process, or throws a PlatformError that names the process that has it. A lock whose processes
 * are all dead is stale: it is taken over and that is said.
 */
export async function takeFolder(folder: string, what: string, onProgress: Progress): Promise<FolderLock> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lock.json');
  const owners: Owner[] = [ownerOf(process.pid)];
  const giveUpAt = Date.now() + WAIT_FOR_ORPHANS_MS;
  let said = false;
  while (!create(file, owners)) {
    const [supervisor, ...servers] = read(file);
    const orphan = servers.find(isAlive);
    if (supervisor && !isAlive(supervisor) && !orphan) {
      removeStale(file);
      onProgress(`${what}: removed the lock that process ${supervisor.pid} left in ${folder} when it died`);
    } else if (supervisor && !isAlive(supervisor) && orphan && Date.now() < giveUpAt) {
      if (!said) onProgress(`${what}: waiting for process ${orphan.pid} of an earlier run to end`);
      said = true;
      await sleep(LOOK_AGAIN_MS);
    } else if (supervisor) {
      throw heldError(folder, what, isAlive(supervisor) ? supervisor : (orphan ?? supervisor));
    }
  }
  return {
    add: (pid) => {
      owners.push(ownerOf(pid));
      replace(file, owners);
    },
    release: () => rmSync(file, { force: true }),
  };
}

function heldError(folder: string, what: string, owner: Owner): PlatformError {
  return new PlatformError({
    what: `${what} cannot use ${folder}`,
    wanted: 'a folder that no other process uses',
    got: `a lock held by the running process ${owner.pid}`,
    next: `Stop that process, or choose another folder (--data-dir).`,
  });
}

/** A file that is there is whole, since it is linked into place; false when there is one already. */
function create(file: string, owners: Owner[]): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(owners));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function replace(file: string, owners: Owner[]): void {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(owners));
  renameSync(`${file}.${process.pid}`, file);
}

/** Empty when the lock was released in this very moment. A power cut can leave a file without content: nobody's. */
function read(file: string): Owner[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    if (error instanceof SyntaxError) return [{ pid: 0, bornAt: 'unknown' }];
    throw error;
  }
}

/** Of two that find the same stale lock only one may remove it, and never the other one's new lock. */
function removeStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (read(aside).some(isAlive)) linkSync(aside, file);
  rmSync(aside, { force: true });
}

function ownerOf(pid: number): Owner {
  return { pid, bornAt: bornAt(pid) };
}

function isAlive({ pid, bornAt: expected }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return bornAt(pid) === expected;
}

/** When the kernel started the process (clock ticks since boot, with the boot's id), or '' where that cannot be read. */
function bornAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return 'dead'; // a zombie holds nothing
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return '';
  }
}
