import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import requirements from '../../libs/platform/process/requirements.cjs';
import { say } from './progress.mjs';

const LAST_LINES = 15;
/** What a tool that was asked to end gets to clean up. */
const KILL_AFTER_MS = 5_000;

const running = new Set();

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Ctrl-C ends the tools too, with all that they started. */
function passOn(signal) {
  say(`\n${signal}: stopping`);
  process.exitCode = 130;
  for (const child of running) {
    signalGroup(child, 'SIGTERM');
    setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS).unref();
  }
}

/** While no tool runs, a Ctrl-C is not our business. */
function listen(child) {
  if (running.size === 0) for (const signal of signals) process.on(signal, passOn);
  running.add(child);
}

function unlisten(child) {
  running.delete(child);
  if (running.size === 0) for (const signal of signals) process.off(signal, passOn);
}

/** Whether a Ctrl-C has come while a tool ran. */
export const interrupted = () => process.exitCode === 130;

/**
 * Runs a tool with its output in a file. Resolves when it ended with 0; throws a PlatformError with its last lines when it
 * did not. `what` says what was to be done, `next` what a person can do about a failure.
 */
export async function runCommand({ what, command, args, cwd, env, logFile, next }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  listen(child);
  let tail = '';
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (chunk) => {
      log.write(chunk);
      tail = (tail + chunk).slice(-8_000);
    });
  }
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      tail += error.message;
      resolve(127);
    });
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  unlisten(child);
  log.end();
  if (code === 0) return;
  throw new requirements.PlatformError({
    what: `${what} failed`,
    wanted: `"${[command, ...args].join(' ')}" to end with 0`,
    got: `${code}:\n${lastWords(tail)}\n`,
    next: `${next} All that it said is in ${logFile}.`,
  });
}

/** The errors, when it named any: a build that fails ends with a summary that does not. */
function lastWords(text) {
  const lines = text.trim().split('\n');
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-LAST_LINES).join('\n');
}

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // it has ended already
  }
}
