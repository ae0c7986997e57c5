import { RandomSource } from '@ringwatch/fleet';
import { classes } from '../classes';
import type { Plan } from '../world/plan';
import { judgeRun } from './judge-run';
import { type NullUpdates, type NullUpdatesForm, playNullUpdates } from './null-updates';
import { NullKind, Nulls, playNulls } from './nulls';
import type { Outcome } from './outcome';
import { playOut } from './play-out';
import { Shuffles, playShuffles } from './shuffles';

/** One piece of work for a process. */
export type Job =
  | { kind: 'run'; class: string; seed: number }
  | { kind: 'nulls'; null: NullKind; seed: number; streams: number }
  | { kind: 'null updates'; form: NullUpdatesForm; seed: number; updates: number }
  | { kind: 'shuffles'; seed: number; shuffles: number };

export type Done =
  | { kind: 'run'; outcome: Outcome }
  | { kind: 'nulls'; nulls: Nulls }
  | { kind: 'null updates'; nulls: NullUpdates }
  | { kind: 'shuffles'; shuffles: Shuffles };

/** Seeds from here on belong to the report; smaller ones were used while thresholds and settings were chosen. */
export const REPORT_SEEDS = 1_000_000;

export function doJob(job: Job): Done {
  switch (job.kind) {
    case 'run':
      return { kind: 'run', outcome: playClass(job.class, job.seed) };
    case 'nulls':
      return { kind: 'nulls', nulls: playNulls(job.null, job.seed, job.streams) };
    case 'null updates':
      return { kind: 'null updates', nulls: playNullUpdates(job.seed, job.updates, job.form) };
    case 'shuffles':
      return { kind: 'shuffles', shuffles: playShuffles(job.seed, job.shuffles) };
  }
}

/** What happens in one run of a class; the seed says everything about it. `mostHosts` makes the fleet a small one. */
export function planOf(name: string, seed: number, mostHosts?: number): Plan {
  const scenario = classes.find(({ number }) => number === name);
  if (!scenario)
    throw new Error(`there is no class "${name}": wanted one of ${classes.map(({ number }) => number).join()}`);
  const random = new RandomSource(`${name}/${seed}`);
  return scenario.plan({
    random,
    turn: seed % REPORT_SEEDS,
    beyond: seed >= REPORT_SEEDS,
    ...(mostHosts ? { mostHosts } : {}),
  });
}

/** One run of a class. */
export function playClass(name: string, seed: number): Outcome {
  const startedAt = performance.now();
  const plan = planOf(name, seed);
  const decided = playOut(plan);
  return judgeRun(name, seed, plan, decided, Math.round(performance.now() - startedAt));
}
