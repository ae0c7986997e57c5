import { classes } from '../classes';
import { type StoredRun, StoredPlays } from './play-stored';

export interface StoredWish {
  /** Classes by their numbers; all when left out. */
  only: string | undefined;
  runs: number;
  seed: number;
}

/** Small runs of each class through the backtest, one after the other; `onDone` is told of each. */
export async function playAllStored(
  { only, runs, seed }: StoredWish,
  onDone: (run: StoredRun, done: number, of: number) => void,
): Promise<StoredRun[]> {
  const wanted = classes
    // What is about large fleets says nothing on a small one.
    .filter(({ number }) => (only === undefined ? !['smallest', 'power'].includes(number) : number === only))
    .flatMap(({ number }) => Array.from({ length: runs }, (_, turn) => ({ number, seed: seed + turn })));
  const done: StoredRun[] = [];
  if (wanted.length === 0) return done;
  const plays = await StoredPlays.start();
  try {
    for (const each of wanted) {
      const run = await plays.play(each.number, each.seed);
      done.push(run);
      onDone(run, done.length, wanted.length);
    }
  } finally {
    await plays.stop();
  }
  return done;
}

/** What the runs came to, a row for each class. */
export function storedTable(runs: readonly StoredRun[]): string {
  const numbers = [...new Set(runs.map((run) => run.class))];
  const rows = numbers.map((number) => {
    const all = runs.filter((run) => run.class === number);
    const played = all.filter(({ leftOut }) => leftOut === undefined);
    if (played.length === 0) return `| ${number} | - | | | | | left out: ${all[0]!.leftOut} |`;
    const different = played.filter(({ sameOpenings }) => !sameOpenings);
    const count = (holds: (run: StoredRun) => boolean | undefined) => played.filter(holds).length;
    const cells = [
      number,
      played.length,
      `${count(({ memory }) => memory!.found)} / ${count(({ stored }) => stored!.found)}`,
      `${count(({ memory }) => memory!.blameRight)} / ${count(({ stored }) => stored!.blameRight)}`,
      played.reduce((sum, { stored }) => sum + stored!.falseAlarms, 0),
      played.length - different.length,
      different.map(({ seed }) => `differs at seed ${seed}`).join(', '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| class | runs | found: memory / backtest | blame right: memory / backtest | false alarms | same openings | |',
    '| --- | ---: | ---: | ---: | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
}
