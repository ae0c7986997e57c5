/**
 * The evaluation of the detector against section 7 of its specification; `npm run evaluate -- --help` says more.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { classes } from './classes';
import { Options, help, readOptions } from './options';
import { drawPictures } from './pictures';
import { rowOf, tableOf } from './report/class-row';
import { goalTable, goalsOf } from './report/goals';
import { writeReport } from './report/report';
import { Results } from './report/results';
import type { Job } from './suite/job';
import { playAllStored, storedTable } from './stored/play-all';
import { doAll } from './suite/pool';

const docs = join(__dirname, '..', '..', 'docs');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const QUICK_RUNS = 2;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return say(help);
  if (options.pictures) return drawPictures(join(docs, 'images'));
  const jobs = jobsFor(options);
  const results = new Results();
  const startedAt = Date.now();
  let [done, saidAt] = [0, startedAt];
  await doAll(jobs, Math.max(1, Math.min(2, availableParallelism())), (each) => {
    results.add(each);
    done++;
    if (each.kind === 'run') sayWrong(each.outcome);
    if (Date.now() - saidAt < 15_000) return;
    saidAt = Date.now();
    say(`${done} of ${jobs.length} after ${Math.round((saidAt - startedAt) / 1000)} s`);
  });
  const rows = classes.map((each) => rowOf(each, results.of(each.number))).filter(({ runs }) => runs > 0);
  say(`\n${tableOf(rows)}\n`);
  say(`${goalTable(goalsOf(results))}\n`);
  const stored = await playStored(options);
  if (options.quick || options.class) return;
  mkdirSync(join(docs, 'evaluation'), { recursive: true });
  writeReport(
    join(docs, 'evaluation'),
    results,
    { rows, stored },
    { seed: options.seed, tookMs: Date.now() - startedAt },
  );
  writeFileSync(
    join(docs, 'evaluation', 'runs.jsonl'),
    results.outcomes.map((each) => `${JSON.stringify(each)}\n`).join(''),
  );
  say(`written to docs/evaluation, ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

/** Small runs through the backtest, with a word on each that comes out otherwise than in memory. */
async function playStored({ class: only, stored, quick, seed }: Options) {
  const runs = await playAllStored({ only, runs: quick ? Math.min(1, stored) : stored, seed }, (run, done, of) => {
    if (run.sameOpenings === false)
      say(`class ${run.class}, seed ${run.seed}: the backtest opens otherwise than the memory alone`);
    if (done % 10 === 0) say(`${done} of ${of} through the backtest`);
  });
  if (runs.length > 0) say(`\n${storedTable(runs)}\n`);
  return runs;
}

/** Runs of all classes in turn, so that whatever is slow is spread evenly; the counts of null streams come last. */
function jobsFor({ class: only, runs, seed, quick, part }: Options): Job[] {
  const chosen = classes.filter(({ number }) => only === undefined || number === only);
  if (chosen.length === 0) throw new Error(`there is no class "${only}"`);
  const wanted = chosen.flatMap(({ number, runs: full }) =>
    Array.from({ length: runs ?? (quick ? QUICK_RUNS : Math.ceil(part * full)) }, (_, turn) => ({
      number,
      turn,
      of: full,
    })),
  );
  wanted.sort((a, b) => a.turn / a.of - b.turn / b.of);
  const played = wanted.map(({ number, turn }): Job => ({ kind: 'run', class: number, seed: seed + turn }));
  if (only !== undefined) return played;
  const parts = quick ? 1 : Math.ceil(30 * part);
  const nulls = Array.from({ length: parts }, (_, copy) =>
    (['boundary', 'alike', 'overdispersed', 'overdispersed'] as const).map((kind, again): Job => ({
      kind: 'nulls',
      null: kind,
      seed: seed + 4 * copy + again,
      streams: quick ? 2_000 : 7_000,
    })),
  ).flat();
  const shuffles = Array.from({ length: quick ? 1 : Math.ceil(10 * part) }, (_, copy): Job => ({
    kind: 'shuffles',
    seed: seed + copy,
    shuffles: quick ? 10 : 50,
  }));
  return [...played, ...nulls, ...shuffles];
}

function sayWrong({
  class: name,
  seed,
  words,
  wrong,
}: {
  class: string;
  seed: number;
  words: string;
  wrong: string[];
}): void {
  if (wrong.length === 0) return;
  say(`class ${name}, ${words}: ${wrong.join('; ')}\n    npm run evaluate -- --class ${name} --seed ${seed} --runs 1`);
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
