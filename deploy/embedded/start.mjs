#!/usr/bin/env node
/**
 * `npm start`: sets up what is missing, then runs Ringwatch on this machine until Ctrl-C. Only the check of Node is done
 * here, before anything is loaded that an old Node could not read.
 */
import requirements from '../../libs/platform/process/requirements.cjs';

try {
  requirements.requireNode();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
const { main } = await import('./supervise.mjs');
await main(process.argv.slice(2));
