/**
 * Owns the Java process of a Kafka broker on behalf of its parent: java cannot notice by itself that the process that
 * started it was killed. The parent holds this process's stdin open; when it ends, for whatever reason, java is stopped.
 *
 *   node kafka-guard.mjs '{"command": "java", "args": [...], "outFile": "kafka.out"}'
 *
 * Prints "pid N" (java's) and then nothing; ends when java ends, with java's code (128 + n after signal n).
 */
import { spawn, spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { constants } from 'node:os';

/** A broker that has not closed its logs by then recovers them at the next start, which is safe but slower. */
const STOP_WITHIN_MS = 10_000;

const { command, args, outFile } = JSON.parse(process.argv[2]);
const out = openSync(outFile, 'w');

// Should even this guard be killed with -9, Linux ends java for us; elsewhere java would stay (and hold the folder's lock).
const mayTie = process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
const java = mayTie
  ? spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], { stdio: ['ignore', out, out] })
  : spawn(command, args, { stdio: ['ignore', out, out] });

java.once('error', (error) => {
  process.stderr.write(`cannot run ${command}: ${error.message}\n`);
  process.exit(127);
});
java.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

function stop() {
  java.kill('SIGTERM');
  setTimeout(() => java.kill('SIGKILL'), STOP_WITHIN_MS).unref();
}

process.on('SIGTERM', stop).on('SIGINT', stop).on('SIGHUP', stop);
process.stdout.on('error', stop); // the parent is gone
process.stdin.on('end', stop).on('error', stop).resume();
process.stdout.write(`pid ${java.pid}\n`);
