/**
 * The evaluation of the detector against section 7 of its specification; `npm run evaluate -- --help` says more.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '@ringwatch/detection';
import { classes } from './classes';
import { Options, UsageError, help, readOptions } from './options';
import { drawPictures } from './pictures';
import { rowOf, tableOf } from './report/class-row';
import { goalTable, goalsOf } from './report/goals';
import { writeReport } from './report/report';
import { Results } from './report/results';
import type { Job } from './suite/job';
import type { NullUpdatesForm } from './suite/null-updates';
import { playAllStored, storedTable } from './stored/play-all';
import { doAll } from './suite/pool';

const docs = join(__dirname, '..', '..', 'docs');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const QUICK_RUNS = 2;
const EARLY = 0.1;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return say(help);
  if (options.pictures) return drawPictures(join(docs, 'images'));
  const jobs = jobsFor(options);
  const results = new Results();
  const startedAt = Date.now();
  let [done, saidAt] = [0, startedAt];
  const endsAt = startedAt + options.minutes * 60_000;
  await doAll(jobs, { processes: Math.max(1, Math.min(2, availableParallelism())), endsAt }, (each) => {
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

/** Runs of all classes, counts of null streams and shuffles in turn, so that whatever is slow is spread evenly. */
function jobsFor({ class: only, runs, seed, quick, part }: Options): Job[] {
  const chosen = classes.filter(({ number }) => only === undefined || number === only);
  if (chosen.length === 0 && only !== INNOCENT_CLASS)
    throw new UsageError(
      `--class: wanted one of ${[...classes.map(({ number }) => number), INNOCENT_CLASS].join(', ')}, got "${only}"`,
    );
  const played = chosen.flatMap(({ number, runs: full }) =>
    spread(runs ?? (quick ? QUICK_RUNS : Math.ceil(part * full)), full, (turn): Job[] => [
      { kind: 'run', class: number, seed: seed + turn },
    ]),
  );
  const nulls = spread(quick ? 1 : Math.ceil(30 * part), 30, (copy) =>
    (['boundary', 'alike', 'overdispersed', 'overdispersed'] as const).map((kind, again): Job => ({
      kind: 'nulls',
      null: kind,
      seed: seed + 4 * copy + again,
      streams: quick ? 2_000 : 7_000,
    })),
  );
  const nullUpdates = nullForms.flatMap(({ full, ...form }, place) =>
    spread(runs ?? (quick ? 1 : Math.ceil(full * part)), full, (copy): Job[] => [
      { kind: 'null updates', form, seed: seed + 1_000 * place + copy, updates: quick ? 4 : 50 },
    ]),
  );
  const shuffles = spread(quick ? 1 : Math.ceil(10 * part), 10, (copy): Job[] => [
    { kind: 'shuffles', seed: seed + copy, shuffles: quick ? 10 : 50 },
  ]);
  const all = [...played, ...(only === undefined ? [...early(nulls), ...early(nullUpdates), ...early(shuffles)] : [])];
  if (only === INNOCENT_CLASS) all.push(...nullUpdates);
  return all.sort((a, b) => a.place - b.place).flatMap(({ jobs }) => jobs);
}

/** Pieces of work with their places between 0 and 1, `of` being the number of a full report. */
function spread(count: number, of: number, jobs: (turn: number) => Job[]): Array<{ place: number; jobs: Job[] }> {
  return Array.from({ length: count }, (_, turn) => ({ place: turn / of, jobs: jobs(turn) }));
}

/** Counted over thousands of updates at once, not run by run. */
const INNOCENT_CLASS = '36';
/** How innocent updates of class 36 are played, and in how many pieces of work; the last two are held against each other. */
const nullForms: ReadonlyArray<NullUpdatesForm & { full: number }> = [
  { known: 'reports', alpha: defaultPolicy.alpha, isTilted: true, full: 40 },
  { known: 'followed', alpha: defaultPolicy.alpha, isTilted: true, full: 12 },
  { known: 'reports', alpha: 0.9, isTilted: true, full: 16 },
  { known: 'reports', alpha: 0.9, isTilted: false, full: 16 },
];

/** Counts and shuffles are cheap and goals want all of them: they come among the first runs, however little time there is. */
function early<Piece extends { place: number }>(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece) => ({ ...piece, place: piece.place * EARLY }));
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
  const isUsage = error instanceof UsageError || String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${error instanceof Error ? (isUsage ? error.message : error.stack) : String(error)}\n`);
  process.exitCode = isUsage ? 2 : 1;
});
