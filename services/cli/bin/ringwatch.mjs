#!/usr/bin/env node
/** `npx ringwatch`: there before anything is built, and builds what is missing. */
import { runBuilt } from '../../../deploy/embedded/run-built.mjs';

await runBuilt('services/cli/dist/main.js', process.argv.slice(2));
