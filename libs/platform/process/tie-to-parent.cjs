/**
 * Preloaded into every service (`node --require`): ends it when its parent is gone. The parent holds this process's
 * stdin open and never writes to it, so its end means that the parent ended, by kill -9 too.
 */
'use strict';

/** Time for a service to finish its batch and leave its consumer group, as after any SIGTERM. */
const STOP_WITHIN_MS = 10_000;

function parentIsGone() {
  setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
  process.kill(process.pid, 'SIGTERM');
}

process.stdin.once('end', parentIsGone).once('error', parentIsGone).resume();
// Whoever read the output is gone with the parent: what is still said while stopping goes nowhere, and harms nothing.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
// A service that has nothing left to do may end, although its stdin is still open.
process.stdin.unref();
