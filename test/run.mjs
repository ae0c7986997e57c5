#!/usr/bin/env node
/**
 * `npm test`: sets up what is missing, then runs the unit suites of all projects and the suites of this folder, which start
 * their own Kafka and ClickHouse on free ports. The last line on stdout is "N passed, N failed, N skipped" over all of them.
 *
 *   npm test                 everything
 *   npm test -- unit         the specs beside the code
 *   npm test -- integration  one of the folders here (integration, e2e, tidy)
 *   npm test -- judge        the suites whose path has this in it
 *
 * `npm run test:containers` (`containers` here) needs Docker: the image and docker-compose.yml, then the integration suites
 * once more with Kafka and ClickHouse in containers instead of processes.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import requirements from '../libs/platform/process/requirements.cjs';
import { orExplain, setUp } from '../deploy/embedded/set-up.mjs';

const root = resolve(fileURLToPath(import.meta.url), '..', '..');
const resultsFolder = join(requirements.workFolder, 'test-results');
const folders = ['integration', 'e2e', 'tidy', 'faults', 'evaluate'];

const totals = { passed: 0, failed: 0, skipped: 0 };
const MINUTE_MS = 60_000;
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (isInterrupted = true));

await orExplain(async () => {
  if (process.argv[2] === 'containers') requireDocker();
  await setUp();
  sayWhatIsMissing();
  await Promise.all(lanesFor(process.argv[2]).map(takeTurns));
});
if (process.exitCode && totals.failed === 0) totals.failed += 1; // the set-up failed, so nothing was shown to work
if (totals.failed > 0) process.exitCode ||= 1;
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);

/**
 * Which runs of Jest the argument asks for, in lanes of about the same length that go side by side: what starts servers waits
 * for them half of its time, and the other lane fills that. In a lane one run comes after the other, and one suite at a time.
 */
function lanesFor(what) {
  // Nothing is measured by it: laws take as long as they take where others use the machine, and only what hangs is to fail.
  const unit = { name: 'unit', configs: unitConfigs(), args: ['--passWithNoTests', '--testTimeout', '180000'] };
  const folder = (name) => ({
    name,
    configs: [join(root, 'test', 'jest.config.cjs')],
    args: ['--runInBand', '--testPathPatterns', `test/${name}/`],
  });
  const inBand = (run) => ({ ...run, args: ['--runInBand', ...run.args] });
  if (what === undefined)
    return [
      [inBand(unit), folder('evaluate'), folder('tidy'), folder('e2e')],
      [folder('integration'), folder('faults')],
    ];
  if (what === 'containers') {
    const env = { RINGWATCH_TEST_SERVERS: 'containers' };
    return [[{ ...folder('integration'), name: 'integration in containers', env }, folder('containers')]];
  }
  if (what === 'unit') return [[unit]];
  if (folders.includes(what)) return [[folder(what)]];
  const configs = [...unit.configs, join(root, 'test', 'jest.config.cjs')];
  // Among several projects Jest heeds the time limit of none of them.
  return [[{ name: what, configs, args: ['--runInBand', '--testTimeout', '600000', '--testPathPatterns', what] }]];
}

async function takeTurns(runs) {
  for (const run of runs) if (!isInterrupted) await runJest(run);
}

function unitConfigs() {
  return ['libs', 'services']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name, 'jest.config.cjs')))
    .filter((config) => existsSync(config));
}

async function runJest({ name, configs, args, env }) {
  const outputFile = join(resultsFolder, `${name.replaceAll(/\W+/g, '-')}.json`);
  mkdirSync(resultsFolder, { recursive: true });
  rmSync(outputFile, { force: true });
  const startedAt = Date.now();
  process.stdout.write(`\n${name} tests\n`);
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const json = ['--json', '--outputFile', outputFile];
  const readResult = () => (existsSync(outputFile) ? JSON.parse(readFileSync(outputFile, 'utf8')) : undefined);
  const code = await run([jest, '--projects', ...configs, ...json, ...args], { readResult, env });
  const result = readResult();
  totals.passed += result?.numPassedTests ?? 0;
  totals.skipped += (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0);
  const failed = (result?.numFailedTests ?? 0) + (result?.numRuntimeErrorTestSuites ?? 0);
  process.stdout.write(`\n${name} tests: done, ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
  // Jest itself may break, or a suite after its tests: never a success.
  totals.failed += failed === 0 && code !== 0 ? 1 : failed;
}

function run(args, { readResult, env }) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  const passOn = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, passOn);
  return new Promise((done) => {
    let resultsSeenAt;
    let withoutEnd;
    const watch = setInterval(() => {
      const result = readResult();
      resultsSeenAt = result && (resultsSeenAt ?? Date.now());
      if (!result || Date.now() - resultsSeenAt < MINUTE_MS) return;
      withoutEnd = outcomeWithoutEnd(child.pid, result);
      clearInterval(watch);
      process.stdout.write(`${withoutEnd.why}: it is killed\n`);
      child.kill('SIGKILL');
    }, 10_000);
    child.once('close', (code) => {
      clearInterval(watch);
      done(withoutEnd?.code ?? code ?? 1);
    });
  });
}

/**
 * What a Jest comes to that has written its results and does not end for a minute. When it sleeps, a suite has left
 * something open, which is a failure. When it spins, Node 20 has lost count of the handles that it frees at its own end
 * (`CleanupHandles`; seen once in a dozen runs, after a browser test had failed), and the results stand.
 */
function outcomeWithoutEnd(pid, result) {
  const stat = `/proc/${pid}/stat`;
  const isSpinning = existsSync(stat) && readFileSync(stat, 'utf8').split(') ')[1]?.startsWith('R');
  if (!isSpinning) return { code: 1, why: 'Jest does not end, since a suite has left something open' };
  return { code: result.success ? 0 : 1, why: 'Jest has ended, but its process spins while Node frees its handles' };
}

function requireDocker() {
  const engine = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' });
  if (engine.status === 0) return;
  throw new requirements.PlatformError({
    what: 'The tests in containers cannot run',
    wanted: 'a Docker engine that answers',
    got: (engine.error?.message ?? engine.stderr).trim(),
    next: 'Start one, or run "npm test", which needs none.',
  });
}

function sayWhatIsMissing() {
  const answers = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  const missing = [
    {
      tool: 'chromium',
      there: ['chromium', 'chromium-browser', 'google-chrome'].some((name) => answers(name, '--version')),
      skipped: 'the tests that look at the pages in a real browser',
    },
    { tool: 'kcat', there: answers('kcat', '-V'), skipped: 'the tests that speak to Kafka with a foreign client' },
    {
      tool: 'docker',
      there: answers('docker', '--version'),
      skipped: 'what docker compose thinks of docker-compose.yml',
    },
    { tool: 'promtool', there: answers('promtool', '--version'), skipped: 'the tests of the alert rules' },
  ].filter(({ there }) => !there);
  for (const { tool, skipped } of missing) {
    process.stdout.write(`${tool} is not installed: ${skipped} are skipped\n`);
  }
}
