#!/usr/bin/env node
/**
 * Runs a built program of this project, after it has set up what is missing: `npm run ringwatch`, `npx ringwatch` and
 * `npm run record`. What the set-up says goes to stderr, so that stdout is the program's alone.
 *
 *   node deploy/embedded/run-built.mjs services/cli/dist/main.js [arguments]
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { sayOn } from './progress.mjs';
import { orExplain, setUp } from './set-up.mjs';

const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');

/** Runs the program whose file, seen from the root, is `entry`; `args` is what it finds on its command line. */
export async function runBuilt(entry, args) {
  const file = join(root, entry);
  if (!existsSync(file) || !existsSync(join(root, 'node_modules'))) {
    sayOn(process.stderr);
    await orExplain(() => setUp({ withKafka: false }));
    if (process.exitCode) return;
  }
  // `npm run` changes to the root, and says where the person was.
  if (process.env.npm_lifecycle_event && process.env.npm_command === 'run-script' && process.env.INIT_CWD)
    process.chdir(process.env.INIT_CWD);
  process.argv = [process.argv[0], file, ...args];
  await import(pathToFileURL(file).href);
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  const [entry, ...args] = process.argv.slice(2);
  await runBuilt(entry, args);
}
