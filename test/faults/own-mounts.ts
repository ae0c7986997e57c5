import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Set in a harness that `unshare` started: what it mounts, nobody else sees, and it is gone with it. */
const MARK = 'FAULTS_OWN_MOUNTS';
/** Enough for ClickHouse and a row's events. */
const DISK_MB = 64;

export const hasOwnMounts = () => process.env[MARK] !== undefined;

/** Whether this machine lets us mount where nobody else sees it. */
export function canMount(): boolean {
  if (hasOwnMounts()) return true;
  const probe = 'mount -t tmpfs -o size=1m tmpfs /mnt';
  return spawnSync('unshare', ['--mount', 'sh', '-c', probe], { stdio: 'ignore' }).status === 0;
}

/** The folder whose `clickhouse/data` is a small disk. */
let dataDir: string | undefined;

/** Mounts the small disk; only in a harness of its own mounts. Returns the folder for the platform's data. */
export function mountSmallDisk(): string {
  dataDir = mkdtempSync(join(tmpdir(), 'ringwatch-small-'));
  const data = join(dataDir, 'clickhouse', 'data');
  mkdirSync(data, { recursive: true });
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', data], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`cannot mount a small disk: ${stderr}`);
  return dataDir;
}

export function unmountSmallDisk(): void {
  spawnSync('umount', ['--lazy', smallDisk()]);
  rmSync(dataDir!, { recursive: true, force: true });
}

export function smallDisk(): string {
  if (!dataDir) throw new Error('there is no small disk: this row runs in a process of its own');
  return join(dataDir, 'clickhouse', 'data');
}

/** Runs this harness once more, in mounts of its own, and gives its output line by line. Resolves with its exit code. */
export function runWithOwnMounts(root: string, args: string[], onLine: (line: string) => void): Promise<number> {
  const node = [
    '--require',
    join(root, 'libs', 'platform', 'fixtures', 'register-typescript.cjs'),
    join(root, 'test', 'faults', 'main.ts'),
  ];
  const child = spawn('unshare', ['--mount', process.execPath, ...node, ...args], {
    env: { ...process.env, [MARK]: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  return new Promise((done) => child.once('close', (code) => done(code ?? 1)));
}
