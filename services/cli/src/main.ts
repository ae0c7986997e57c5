#!/usr/bin/env node
import { runCli } from './cli';

// Whoever read the results has gone, as `head` does: end as a signal ends us, in order where there is something to clear away.
let isReaderGone = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isReaderGone) return;
  isReaderGone = true;
  if (error.code !== 'EPIPE') throw error;
  process.kill(process.pid, 'SIGTERM');
});

void runCli(process.argv.slice(2), process.env, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
