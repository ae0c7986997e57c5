#!/usr/bin/env node
/**
 * Makes a fresh clone ready to run: npm packages, Kafka's jars, a build. What is there already is left alone, so it costs
 * a few seconds the second time. `npm start`, `npm test` and benchmarks all begin with it. Needs Node and nothing else, and
 * works from any folder:
 *
 *   node deploy/embedded/set-up.mjs
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import requirements from '../../libs/platform/process/requirements.cjs';
import { say, step } from './progress.mjs';
import { interrupted, runCommand } from './run-command.mjs';
import { aloneIn } from './set-up-lock.mjs';

const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const { workFolder } = requirements;
const logs = join(workFolder, 'logs');

/** Throws a PlatformError when something is missing that it cannot fetch. Without Kafka it needs neither Java nor Maven. */
export async function setUp({ withKafka = true } = {}) {
  requirements.requireNode();
  const steps = [
    ['checking this machine', () => checkMachine(withKafka)],
    ['installing packages', installPackages],
    ...(withKafka ? [['fetching Kafka', fetchKafka]] : []),
    ['building', build],
  ];
  await aloneIn(join(workFolder, 'set-up.lock'), say, async () => {
    for (const [index, [label, work]] of steps.entries()) await step(`[${index + 1}/${steps.length}] ${label}`, work);
  });
}

function checkMachine(withKafka) {
  if (withKafka) requirements.requireJava();
  requirements.requireDisk(workFolder);
  return `Node ${process.versions.node}${withKafka ? ' and Java are' : ' is'} there`;
}

async function installPackages() {
  if (packagesAreComplete()) return 'nothing to do';
  await runCommand({
    what: 'Installing the npm packages',
    command: 'npm',
    args: ['ci', '--no-audit', '--no-fund'],
    cwd: root,
    logFile: join(logs, 'set-up-packages.log'),
    next: 'Check the network and the npm registry settings, and run the command again.',
  });
}

/**
 * Compares what npm noted at the end of its last run with the lock file, rather than dates, which git and copies change.
 * A package that is not made for this machine is optional and may be absent.
 */
function packagesAreComplete() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = packagesIn(installedFile);
  return Object.entries(packagesIn(join(root, 'package-lock.json'))).every(([folder, wanted]) => {
    const found = installed[folder];
    return folder === '' || (found ? found.version === wanted.version : wanted.optional === true);
  });
}

/** Into another folder first: one that an interrupted run left must not be taken for a complete one. */
async function fetchKafka() {
  const folder = requirements.kafkaJarsFolder();
  const pom = join(root, 'libs', 'platform', 'pom.xml');
  const stamp = createHash('sha256').update(readFileSync(pom)).digest('hex');
  const stampFile = join(folder, 'complete');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 'nothing to do';
  const draft = join(workFolder, 'tmp', `${process.pid}-kafka`); // deleted later when this process dies
  mkdirSync(draft, { recursive: true });
  await runCommand({
    what: `Fetching Kafka ${requirements.kafkaVersion()}`,
    command: requirements.requireMaven(),
    args: ['--batch-mode', '--quiet', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${draft}`],
    cwd: root,
    logFile: join(logs, 'set-up-kafka.log'),
    next: 'Check the network and the Maven settings, and run the command again.',
  });
  writeFileSync(join(draft, 'complete'), stamp);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
}

/** The sync check is for people who change project references, and CI makes it; a build does not depend on it. */
const buildArgs = ['run-many', '-t', 'build', '--outputStyle=static', '--skipSync'];

/** Nx knows what has changed since the last time, and restores the rest from its cache. */
async function build() {
  await runCommand({
    what: 'Building',
    command: process.execPath,
    args: [join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'), ...buildArgs],
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' },
    logFile: join(logs, 'set-up-build.log'),
    next: 'Correct what the compiler says, and run the command again.',
  });
}

/** Runs `work`; a failure becomes its message on stderr and exit code 1, without a stack when it is a known one. */
export async function orExplain(work) {
  try {
    await work();
  } catch (error) {
    if (!interrupted()) {
      process.stderr.write(`\n${error instanceof requirements.PlatformError ? error.message : error.stack}\n`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) await orExplain(setUp);
