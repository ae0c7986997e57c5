import { parseArgs } from 'node:util';
import { STORED_HOSTS } from './stored/play-stored';
import { REPORT_SEEDS } from './suite/job';

const STORED_RUNS = 3;

/** What `npm run evaluate` was told. */
export interface Options {
  help: boolean;
  quick: boolean;
  pictures: boolean;
  class: string | undefined;
  runs: number | undefined;
  /** Part of the runs, counts and shuffles of the full report. */
  part: number;
  /** After so many minutes no run is begun any more, and the report is about those that were. */
  minutes: number;
  /** So many small runs of each class also go through the backtest. */
  stored: number;
  seed: number;
}

export const help = `npm run evaluate -- [options]

  --quick      a few runs of each class: shows in about a minute that all works, writes no report
  --class N    only this class of scenarios
  --runs N     so many runs of each class
  --part P     a report of only this part of all runs, above 0 to 1
  --minutes N  begin no run after so many minutes: all classes come in turn, so a shorter report is about fewer runs of each
  --stored N   so many runs of each class, with ${STORED_HOSTS} hosts, also as files through the backtest (${STORED_RUNS}); 0 for none
  --seed S     the first seed (${REPORT_SEEDS}, where the report's seeds begin; smaller ones are for tuning)
  --pictures   only draws docs/images/detection-*.svg

The full evaluation takes about an hour on two cores and writes docs/evaluation/.`;

/** What was asked for cannot be: for who typed it, without a stack. */
export class UsageError extends Error {}

/** Reads the command line. @throws UsageError that says what is wrong with it. */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      quick: { type: 'boolean', default: false },
      pictures: { type: 'boolean', default: false },
      class: { type: 'string' },
      runs: { type: 'string' },
      part: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      stored: { type: 'string', default: String(STORED_RUNS) },
      seed: { type: 'string' },
    },
  });
  const whole = (name: 'runs' | 'seed' | 'stored' | 'minutes') => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0)
      throw new UsageError(`--${name}: wanted a whole number, got "${values[name]}"`);
    return value;
  };
  const part = Number(values.part);
  if (!(part > 0 && part <= 1)) throw new UsageError(`--part: wanted a number above 0 to 1, got "${values.part}"`);
  return {
    help: values.help,
    quick: values.quick,
    pictures: values.pictures,
    class: values.class,
    runs: values.runs === undefined ? undefined : whole('runs'),
    part,
    minutes: values.minutes === undefined ? Infinity : whole('minutes'),
    stored: whole('stored'),
    seed: values.seed === undefined ? REPORT_SEEDS : whole('seed'),
  };
}
