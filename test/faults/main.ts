/**
 * The fault harness by hand:
 *
 *   npm run faults                                        every act once: each row in short form, as in CI
 *   npm run faults -- --act servers --seed 123            one act, with the schedule of that seed
 *   npm run faults -- --list                              what there is
 *   npm run faults -- --row kill-at-raw-acked --seed 123  one row (more with commas) with the schedule of that seed
 *   npm run faults -- --row kill-at-parsed --size 50      more of it: kills, seconds or times, as the row has it
 *   npm run faults -- --kills 2000                        kill rows with one seed after the other until so many are done
 *
 * Prints a line of JSON for each act, and for each failure the command that repeats it. Exit code 1 when anything failed.
 */
import { parseArgs } from 'node:util';
import { type Outcome, type Row, runAct } from './act';
import { acts, playable } from './acts';
import { FaultWorld } from './fault-world';
import { hasOwnMounts, mountSmallDisk, runWithOwnMounts, unmountSmallDisk } from './own-mounts';
import { rowNamed, rows } from './rows';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    row: { type: 'string' },
    act: { type: 'string' },
    size: { type: 'string' },
    kills: { type: 'string' },
    list: { type: 'boolean' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const firstSeed = Number(values.seed ?? Date.now() % 1_000_000);
const size = values.size === undefined ? undefined : Number(values.size);

async function main(): Promise<void> {
  if (values.list) return rows.forEach(({ name, what }) => say(`${name.padEnd(20)} ${what}`));
  const chosen = values.row?.split(',').map(rowNamed);
  const dataDir = hasOwnMounts() ? mountSmallDisk() : undefined;
  const world = await FaultWorld.start(dataDir);
  try {
    if (values.kills) await killUntil(world, chosen ?? rows.filter(isKill), Number(values.kills));
    else if (chosen) for (const row of chosen) await runOne(world, row, firstSeed);
    else for (const name of Object.keys(acts)) if (!values.act || values.act === name) await runWhole(world, name);
  } finally {
    await world.stop();
    if (dataDir) unmountSmallDisk();
  }
}

const isKill = ({ name }: Row) => name.startsWith('kill-at-') || name === 'clickhouse-killed';

async function killUntil(world: FaultWorld, chosen: readonly Row[], wanted: number): Promise<void> {
  const startedAt = Date.now();
  const seen = new Map<string, number>();
  let kills = 0;
  for (let seed = firstSeed; kills < wanted; seed++) {
    const each = size ?? 4;
    for (const outcome of await runAct(world, [chosen.map((row) => ({ row, size: each }))], seed)) {
      kills += outcome.kills;
      for (const [what, times] of Object.entries(outcome.counters)) seen.set(what, (seen.get(what) ?? 0) + times);
      report(outcome, `--seed ${seed} --row ${chosen.map(({ name }) => name).join()}`);
    }
    say(
      JSON.stringify({ kills, of: wanted, seconds: (Date.now() - startedAt) / 1_000, failed: process.exitCode === 1 }),
    );
  }
  say(JSON.stringify({ kills, ...Object.fromEntries(seen) }));
}

async function runWhole(world: FaultWorld, name: string): Promise<void> {
  const { lanes, apart } = playable(acts[name]!, say);
  for (const outcome of await runAct(world, lanes, firstSeed, say))
    report(outcome, `--seed ${firstSeed} --act ${name}`);
  for (const row of apart) await runOne(world, row, firstSeed);
}

async function runOne(world: FaultWorld, row: Row, seed: number): Promise<void> {
  const reason = row.skip?.();
  if (reason) {
    say(`${row.name} is skipped: ${reason}`);
    return;
  }
  if (row.ownMounts && !hasOwnMounts()) {
    const args = ['--row', row.name, '--seed', String(seed), ...(size === undefined ? [] : ['--size', String(size)])];
    if ((await runWithOwnMounts(world.root, args, say)) !== 0) process.exitCode = 1;
    return;
  }
  for (const outcome of await runAct(world, [[{ row, size }]], seed))
    report(outcome, `--seed ${seed} --row ${row.name}`);
}

function report(outcome: Outcome, how: string): void {
  say(JSON.stringify(outcome));
  if (outcome.violations.length === 0) return;
  process.exitCode = 1;
  const more = size === undefined ? '' : ` --size ${size}`;
  say(`FAILED: ${outcome.violations.join('\n        ')}\nagain:  npm run faults -- ${how}${more}`);
}

void main().catch((error: Error) => {
  say(error.stack ?? error.message);
  process.exitCode = 1;
});
