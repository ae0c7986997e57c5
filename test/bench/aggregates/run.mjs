#!/usr/bin/env node
/**
 * How fast crashes and hosts are counted over many stored bugchecks, how many bytes one takes, and what each codec saves and
 * costs. Starts a ClickHouse of its own and leaves nothing behind. Ends with 1 when a goal is missed or an answer is wrong.
 *
 *   node test/bench/aggregates/run.mjs                       50,000,000 bugchecks, both shapes
 *   node test/bench/aggregates/run.mjs --rows 2000000        fewer (--quick: 1,000,000); goals are not checked then
 *   node test/bench/aggregates/run.mjs --shape skewed        one shape: tied or skewed
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectClickHouse, markChangedHours, migrate, rollChangedHours } from '@ringwatch/clickhouse';
import { startClickHouse } from '@ringwatch/platform';
import requirements from '../../../libs/platform/process/requirements.cjs';
import { compareCodecs } from './codecs.mjs';
import { askAll } from './questions.mjs';
import { bytesPerEvent, say, table } from './report.mjs';

const here = resolve(fileURLToPath(import.meta.url), '..');
const FULL = 50_000_000;
/** A Friday, and two more days of the same month: the questions are over the last of them. */
const since = Date.UTC(2026, 10, 20);

const { values } = parseArgs({
  args: process.argv.slice(2),
  strict: false,
  allowPositionals: true,
  options: { rows: { type: 'string' }, shape: { type: 'string' }, quick: { type: 'boolean' } },
});
const rows = Number(String(values.rows ?? (values.quick ? 1_000_000 : FULL)).replaceAll(/[_,]/g, ''));
const shapes = values.shape ? [values.shape] : ['tied', 'skewed'];
const folder = mkdtempSync(join(tmpdir(), 'ringwatch-aggregates-'));
const server = await startClickHouse({ folder });
const lines = [];
const tell = (text) => {
  say(text);
  lines.push(text);
};
let problems = [];
try {
  for (const shape of shapes) problems.push(...(await run(shape)));
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
const results = join(requirements.workFolder, 'bench');
mkdirSync(results, { recursive: true });
writeFileSync(join(results, 'aggregates.md'), `${lines.join('\n\n')}\n`);
for (const problem of problems) say(`wrong: ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);

async function run(shape) {
  const settings = { url: server.url, database: `bench_${shape}`, username: 'default', password: '' };
  await migrate(settings);
  const db = connectClickHouse(settings, { timeoutMs: 3_600_000 });
  try {
    tell(`# Aggregates, ${shape}: ${rows.toLocaleString('en')} bugchecks (load ${loadavg()[0].toFixed(1)})`);
    await fill(db, shape);
    tell(table(await bytesPerEvent(db, rows)));
    if (shape === shapes[0]) tell(table(await compareCodecs(db)));
    const { report, problems } = await askAll(db, { since, checkGoals: rows >= FULL });
    tell(table(report));
    tell(`load at the end: ${loadavg()[0].toFixed(1)}`);
    return problems.map((problem) => `${shape}: ${problem}`);
  } finally {
    await db.command({ query: 'DROP DATABASE {name:Identifier} SYNC', query_params: { name: settings.database } });
    await db.close();
  }
}

async function fill(db, shape) {
  const filled = await timed(() =>
    db.command({
      query: readFileSync(join(here, 'fill-bugchecks.sql'), 'utf8'),
      query_params: { rows, since_ms: since, skewed: shape === 'skewed' },
    }),
  );
  const hours = Array.from({ length: 72 }, (_, n) => since + n * 3_600_000);
  const marked = await timed(() => markChangedHours(db, hours));
  const rolled = await rollChangedHours(db);
  const times = rolled.map(({ ms }) => ms).sort((a, b) => a - b);
  tell(
    `stored in ${(filled / 1_000).toFixed(0)} s; 72 hours marked in ${marked.toFixed(0)} ms; rolled up: ` +
      `${times[36].toFixed(0)} ms an hour of ${Math.round(rows / 72).toLocaleString('en')} bugchecks, at most ${times.at(-1).toFixed(0)} ms`,
  );
}

async function timed(work) {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
