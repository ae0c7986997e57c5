#!/usr/bin/env node
/**
 * How long the questions of each page take while 50 of them are always in flight, over many stored bugchecks. Starts a
 * ClickHouse and the built api, and leaves nothing behind. Ends with 1 when a page is over its goal.
 *
 *   node test/bench/pages/run.mjs                   50,000,000 bugchecks
 *   node test/bench/pages/run.mjs --rows 2000000    fewer (--quick: 1,000,000); the goal is not checked then
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectClickHouse, markChangedHours, migrate, rollChangedHours } from '@ringwatch/clickhouse';
import { freePort, startClickHouse, startService } from '@ringwatch/platform';
import requirements from '../../../libs/platform/process/requirements.cjs';
import { say, table } from '../aggregates/report.mjs';

const here = resolve(fileURLToPath(import.meta.url), '..');
const root = resolve(here, '..', '..', '..');
const FULL = 50_000_000;
const IN_FLIGHT = 50;
const GOAL_MS = 300;
/** Of all questions together; a page has its share of them. It ends after four minutes, with fewer. */
const QUESTIONS = 3_000;
const MOST_MS = 240_000;
const UPDATES = 100;
const HOSTS_EACH = 20_000;
const since = Date.UTC(2026, 10, 20);
const DAY = 86_400_000;

const { values } = parseArgs({
  args: process.argv.slice(2),
  strict: false,
  allowPositionals: true,
  options: { rows: { type: 'string' }, quick: { type: 'boolean' } },
});
const rows = Number(String(values.rows ?? (values.quick ? 1_000_000 : FULL)).replaceAll(/[_,]/g, ''));
const folder = mkdtempSync(join(tmpdir(), 'ringwatch-pages-'));
const server = await startClickHouse({ folder });
const settings = { url: server.url, database: 'bench_pages', username: 'default', password: '' };
let api;
let problems = [];
try {
  await fill();
  api = await startApi();
  problems = await ask(api.url);
} finally {
  await api?.service.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) say(`wrong: ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);

async function fill() {
  await migrate(settings);
  const db = connectClickHouse(settings, { timeoutMs: 3_600_000 });
  const run = (file, query_params) => db.command({ query: readFileSync(file, 'utf8'), query_params });
  say(`storing ${rows.toLocaleString('en')} bugchecks ...`);
  await run(join(here, '..', 'aggregates', 'fill-bugchecks.sql'), { rows, since_ms: since, skewed: true });
  await run(join(here, 'fill-updates.sql'), { updates: UPDATES, since_ms: since });
  await run(join(here, 'fill-installs.sql'), { updates: UPDATES, hosts: HOSTS_EACH, since_ms: since });
  say('counting hours ...');
  await markChangedHours(
    db,
    Array.from({ length: 72 }, (_, hour) => since + hour * 3_600_000),
  );
  await rollChangedHours(db);
  await db.close();
}

async function startApi() {
  const port = await freePort();
  const logs = join(requirements.workFolder, 'bench', 'logs');
  mkdirSync(logs, { recursive: true });
  const service = await startService({
    name: 'api',
    entry: join(root, 'services', 'api', 'dist', 'main.js'),
    env: {
      CLICKHOUSE_URL: server.url,
      CLICKHOUSE_DATABASE: settings.database,
      LOG_LEVEL: 'warn',
    },
    port,
    logFile: join(logs, 'pages-api.log'),
  });
  return { service, url: `http://127.0.0.1:${port}/api/v1` };
}

/** What each page of the dashboard asks for when it is opened (its `load-*.ts`); `turn` makes each question another one. */
function pages(turn) {
  const until = new Date(since + 3 * DAY).toISOString();
  const hourBefore = new Date(since + 3 * DAY - 3_600_000).toISOString();
  const dayBefore = new Date(since + 2 * DAY).toISOString();
  const n = 2 * (turn % UPDATES) + 1;
  const driver = `drv${(turn * 37) % 300}.sys`;
  return {
    Now: [
      'status',
      'incidents?state=open',
      'updates?limit=12',
      `aggregates?bucket=1m&since=${hourBefore}&until=${until}`,
    ],
    Updates: ['updates?limit=100'],
    Update: [`updates/content-${n % 300}/C-${n}`, `updates/content-${n % 300}/C-${n}/verdict`],
    Drivers: [
      `drivers?limit=1000&since=${dayBefore}&until=${until}`,
      `drivers/${driver}?bucket=15m&since=${dayBefore}&until=${until}`,
    ],
    Explore: [
      `aggregates?group_by=driver,update_version&bucket=5m&since=${dayBefore}&until=${until}&driver=${driver}`,
      `aggregates?group_by=driver,update_version&top=20&hosts=approximate&since=${dayBefore}&until=${until}`,
    ],
    Deliveries: ['deliveries?limit=50'],
    Health: ['status', 'dead-letters?limit=50'],
  };
}

async function ask(url) {
  const names = Object.keys(pages(0));
  const took = new Map();
  const failed = new Map();
  const one = async (name, path) => {
    const started = performance.now();
    const answer = await fetch(`${url}/${path}`);
    await answer.arrayBuffer();
    const key = `${name}: ${path.split('?')[0].replace(/\/.*/, '/…')}`;
    took.set(key, [...(took.get(key) ?? []), performance.now() - started]);
    if (!answer.ok) failed.set(key, `${answer.status}`);
  };
  for (const name of names) for (const path of pages(0)[name]) await one(name, path); // whatever has to be warm
  took.clear();
  let turn = 0;
  say(`asking ${QUESTIONS} questions, ${IN_FLIGHT} at a time ...`);
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (turn < QUESTIONS && performance.now() - startedAt < MOST_MS) {
        const now = turn++;
        const name = names[now % names.length];
        const paths = pages(now)[name];
        await one(name, paths[Math.floor(now / names.length) % paths.length]);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return report(took, failed, turn / seconds);
}

function report(took, failed, perSecond) {
  const lines = [];
  const problems = [];
  for (const [key, times] of [...took].sort(([a], [b]) => (a < b ? -1 : 1))) {
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)];
    lines.push({
      question: key,
      runs: times.length,
      'p50 ms': at(0.5).toFixed(0),
      'p99 ms': at(0.99).toFixed(0),
      'max ms': at(1).toFixed(0),
      'goal p99 ms': GOAL_MS,
      failed: failed.get(key) ?? '',
    });
    if (failed.has(key)) problems.push(`${key}: answered ${failed.get(key)}`);
    if (rows >= FULL && at(0.99) > GOAL_MS) problems.push(`${key}: p99 ${at(0.99).toFixed(0)} ms, goal ${GOAL_MS} ms`);
  }
  const text = `# Pages: ${rows.toLocaleString('en')} bugchecks, ${IN_FLIGHT} questions in flight, ${perSecond.toFixed(1)} a second (load ${loadavg()[0].toFixed(1)})\n\n${table(lines)}\n`;
  say(text);
  mkdirSync(join(requirements.workFolder, 'bench'), { recursive: true });
  writeFileSync(join(requirements.workFolder, 'bench', 'pages.md'), text);
  return problems;
}
