import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeFolder } from './folder-lock';

let folder: string;
let lockFile: string;
const said: string[] = [];
const say = (line: string) => said.push(line);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwatch-lock-'));
  lockFile = join(folder, 'lock.json');
  said.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

it('refuses a folder that a live process has, and names the process', async () => {
  await takeFolder(folder, 'Kafka', say);
  await expect(takeFolder(folder, 'Kafka', say)).rejects.toMatchObject({
    what: `Kafka cannot use ${folder}`,
    got: `a lock held by the running process ${process.pid}`,
  });
});

it('gives a released folder to the next one', async () => {
  (await takeFolder(folder, 'Kafka', say)).release();
  expect(existsSync(lockFile)).toBe(false);
  await takeFolder(folder, 'Kafka', say);
});

it('takes over the lock of a dead process and says so', async () => {
  const dead = await lockOfDeadProcess();
  await takeFolder(folder, 'Kafka', say);
  expect(said).toEqual([expect.stringContaining(`removed the lock that process ${dead} left`)]);
});

it('is not deceived by another process that got the same id', async () => {
  await takeFolder(folder, 'Kafka', say);
  writeFileSync(lockFile, readFileSync(lockFile, 'utf8').replace(/"bornAt":"[^"]*"/, '"bornAt":"another boot"'));
  await takeFolder(folder, 'Kafka', say);
  expect(said).toHaveLength(1);
});

it('takes over a lock without content, as a power cut leaves it', async () => {
  writeFileSync(lockFile, '');
  await takeFolder(folder, 'Kafka', say);
});

it('waits for the server of a supervisor that was killed', async () => {
  const supervisor = idle();
  const server = idle();
  const lock = await takeFolder(folder, 'Kafka', say);
  lock.add(supervisor.pid!);
  lock.add(server.pid!);
  leaveOutFirstOwner();
  await killed(supervisor);
  setTimeout(() => server.kill('SIGKILL'), 300);
  await takeFolder(folder, 'Kafka', say);
  expect(said[0]).toContain(`waiting for process ${server.pid} of an earlier run`);
});

/** Leaves the lock of a process that was killed, and returns its id. */
async function lockOfDeadProcess(): Promise<number> {
  const owner = idle();
  const lock = await takeFolder(folder, 'Kafka', () => undefined);
  lock.add(owner.pid!);
  leaveOutFirstOwner();
  await killed(owner);
  return owner.pid!;
}

function leaveOutFirstOwner(): void {
  const [, ...others] = JSON.parse(readFileSync(lockFile, 'utf8')) as unknown[];
  writeFileSync(lockFile, JSON.stringify(others));
}

function idle(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
}

async function killed(process: ChildProcess): Promise<void> {
  process.kill('SIGKILL');
  await once(process, 'exit');
}
