import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** The folder of the files that run as child processes; the same one from src (tests) and from dist. */
export const processFolder = join(__dirname, '..', 'process');

/** A log that has grown beyond this is put aside (as `<name>.1`) when the next process starts to write to it. */
const MAX_LOG_BYTES = 20 * 1024 ** 2;

/** How a process ended; `signal` is set when one killed it. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** For messages: "ended with code 1", "ended by SIGKILL". */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `ended by ${signal}` : `ended with code ${code}`;
}

/** A child process that must not outlive this one. */
export interface TiedProcess {
  readonly pid: number;
  /** Resolves when it has ended, also after a crash; never rejects. */
  readonly exited: Promise<Exit>;
  /** SIGTERM, and SIGKILL to it and its own children after `graceMs`. Resolves when it has ended. */
  end(graceMs: number): Promise<Exit>;
  /** SIGKILL to it and its own children. */
  kill(): Promise<Exit>;
}

export interface TiedProcessOptions {
  /** What follows `node` on the command line. */
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** Gets the errors and, without `onLine`, the output too. */
  logFile: string;
  /** Gets each line of the output. */
  onLine?: (line: string) => void;
}

/**
 * Starts a Node process in a process group of its own, so that a Ctrl-C of the terminal reaches only us and we decide the
 * order of stopping. Its stdin is a pipe that nobody writes to: the file that it runs must end at the pipe's end.
 */
export function spawnTied({ args, env, logFile, onLine }: TiedProcessOptions): TiedProcess {
  const log = openLog(logFile);
  const child = spawn(process.execPath, args, {
    env: env ?? process.env,
    stdio: ['pipe', onLine ? 'pipe' : log, log],
    detached: true,
  });
  closeSync(log);
  child.stdin?.on('error', () => undefined); // the child ended first
  if (onLine && child.stdout) createInterface({ input: child.stdout }).on('line', onLine);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
  });
  const pid = child.pid ?? -1;
  return {
    pid,
    exited,
    end: async (graceMs) => {
      sendSignal(pid, 'SIGTERM');
      const late = setTimeout(() => sendSignal(-pid, 'SIGKILL'), graceMs);
      return exited.finally(() => clearTimeout(late));
    },
    kill: () => {
      sendSignal(-pid, 'SIGKILL');
      return exited;
    },
  };
}

/** Sends a signal to a process, or to a group when `pid` is negative; a process that has ended already is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  if (pid === -1 || pid === 1) return; // "everybody": a process that never started
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > MAX_LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}
