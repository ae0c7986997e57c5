#!/usr/bin/env node
/**
 * `npm run bench`: sets up what is missing, then measures. Ends with 1 when Ringwatch's own result was not as it must be.
 *
 *   npm run bench                  all parts
 *   npm run bench -- ingest        one part: ingest, latency, memory, aggregates, ticks, decision, notify or pages
 *   npm run bench -- --quick       a minute or two, only to see that it works
 *   npm run bench -- --help        the options
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import requirements from '../../libs/platform/process/requirements.cjs';
import { say } from '../../deploy/embedded/progress.mjs';
import { orExplain, setUp } from '../../deploy/embedded/set-up.mjs';

const here = resolve(fileURLToPath(import.meta.url), '..');
const resultsFolder = join(requirements.workFolder, 'bench');
const argv = process.argv.slice(2);
const children = new Set();

await orExplain(async () => {
  requirements.requireNode();
  if (argv.includes('--help') || argv.includes('-h')) await setUpIfBare();
  else await setUp();
  // Built and installed a moment ago, and therefore not imported at the top.
  const require = createRequire(import.meta.url);
  require('./load-typescript.cjs');
  const { Bench, help, readOptions } = require('./main.ts');
  const options = readOptions(argv);
  if (options.help) return process.stdout.write(`${help}\n`);
  mkdirSync(resultsFolder, { recursive: true });
  const bench = new Bench(resultsFolder, say);
  const end = endOnSignal(bench);
  const problems = [];
  try {
    for (const name of options.parts) problems.push(...(await run(name, bench, options)));
  } catch (error) {
    if (!end.requested) throw error;
    await new Promise(() => undefined); // whoever asked for the end will end the process
  }
  for (const problem of problems) say(`wrong: ${problem}`);
  process.exit(problems.length > 0 ? 1 : 0);
});
if (process.exitCode) process.exit();

async function setUpIfBare() {
  if (!existsSync(join(here, '..', '..', 'node_modules', '@swc', 'core'))) await setUp();
}

async function run(name, bench, options) {
  if (bench.has(name)) return bench.run(name, options);
  const folder = join(here, name);
  const file = existsSync(folder) && readdirSync(folder).find((each) => /^run\.(mjs|cjs|ts)$/.test(each));
  if (!file) {
    say(`bench: there is no ${name} yet`);
    return [];
  }
  const code = await runProgram(join(folder, file));
  return code === 0 ? [] : [`${name}: ended with code ${code}`];
}

/** A part that is a program of its own gets the command line, and says by its exit code whether all is well. */
function runProgram(file) {
  const args = file.endsWith('.ts') ? [join(here, 'load-typescript.cjs'), file] : [file];
  const child = spawn(process.execPath, [...args, ...argv], { stdio: 'inherit' });
  children.add(child);
  return new Promise((done) => child.once('close', (code) => done(code ?? 1)));
}

/** The first signal ends everything at once, with nothing left behind: what was half measured is worth nothing. */
function endOnSignal(bench) {
  const end = { requested: false };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (end.requested) process.exit(130);
      end.requested = true;
      say(`${signal}: ending`);
      const ended = [...children].map(
        (child) => new Promise((done) => child.once('close', done) && child.kill(signal)),
      );
      Promise.all([bench.kill(), ...ended]).finally(() => process.exit(130));
    });
  }
  return end;
}
