import { alphas } from '../suite/nulls';
import { isDue } from '../suite/judge-run';
import { Share, quantile, shareOf } from '../suite/interval';
import type { Outcome } from '../suite/outcome';
import { isBlameRight, ratiosOf, spoken } from './class-row';
import type { Results } from './results';

/** One goal of section 7.3, what was reached, and whether that is enough. */
export interface Goal {
  goal: string;
  wanted: string;
  figure: string;
  /** Undefined where too little was run to say. */
  reached: boolean | undefined;
}

export const benignClasses = [
  '8',
  '14',
  '15',
  '16',
  '17',
  '18',
  '19',
  '20',
  '22',
  '23',
  '24',
  '31',
  '32',
  '33',
  '35',
  '37',
];

const percent = (value: number) => `${(100 * value).toFixed(2)} %`;

function said({ hits, of, share, low, high }: Share): string {
  return of === 0 ? 'no runs' : `${percent(share)} (${percent(low)} to ${percent(high)}; ${hits} of ${of})`;
}

export function goalsOf(results: Results): Goal[] {
  return [
    ...precisionGoals(results),
    ...julyGoals(results),
    ...timeGoals(results),
    ...blameGoals(results),
    ...lifeGoals(results),
    ...calibrationGoals(results),
  ];
}

const UPDATES_A_YEAR = 20_000;
const BUCKETS_AN_UPDATE = 20;
/** The normal interval of fewer is too narrow: what weighs most is seldom drawn. */
const LEAST_UPDATES = 500;

/** False alarms of class 36: on all that is known of hosts, and by reports alone, each as a chance an update. */
function falseAlarmGoals(results: Results, recall: number, blamed: number, innocent: string): Goal[] {
  const [fleet, all] = [results.alarmsOf('reports'), results.alarmsOf('followed')];
  const isMeasured = fleet.of > 0 && all.of > 0;
  const isEnough = fleet.of >= LEAST_UPDATES && all.of >= LEAST_UPDATES;
  // The larger is meant: what opens on the fleet is among what opens at all.
  const most = Math.max(fleet.high, all.high);
  const atField = (0.001 * recall) / (0.001 * recall + 0.999 * most);
  const bare = results.nulls.get('overdispersed');
  const perStream = shareOf(bare?.passed[1e-6] ?? 0, bare?.streams ?? 0);
  const aYear = ({ share, low, high }: Share, times: number) =>
    [share, low, high].map((each) => Number((times * each).toPrecision(2)));
  const inWords = ([share, low, high]: number[]) => `${share} (${low} to ${high})`;
  return [
    {
      goal: 'precision at 1 bad in 1,000 updates',
      wanted: '>= 99 %: false alarms per update <= 1e-5',
      figure: isMeasured
        ? `${innocent}; class 36 as the product decides: on the fleet ${chance(fleet)}, with those of one organisation ${chance(all)} an update, which is a precision of at least ${percent(atField)}`
        : 'no runs',
      reached: isEnough ? atField >= 0.99 && blamed === 0 : undefined,
    },
    {
      goal: 'false alarms per fleet-year, 20,000 updates x 20 buckets',
      wanted: '<= 0.1 (nominal .02)',
      figure: isMeasured
        ? `as the product decides: on the fleet ${inWords(aYear(fleet, UPDATES_A_YEAR))}, with those of one organisation ${inWords(aYear(all, UPDATES_A_YEAR))}; ` +
          `the bare channel, without any guard: ${inWords(aYear(perStream, UPDATES_A_YEAR * BUCKETS_AN_UPDATE))} by ${perStream.of} streams`
        : 'no runs',
      reached: isEnough ? UPDATES_A_YEAR * most <= 0.1 : undefined,
    },
    {
      goal: 'the figures of class 36 hold: drawn likelier and weighed as plainly counted, line .9',
      wanted: 'intervals meet',
      ...comparedAt(results, 0.9),
    },
  ];
}

function comparedAt(results: Results, alpha: number): Pick<Goal, 'figure' | 'reached'> {
  const [plain, tilted] = [false, true].map((isTilted) => results.alarmsOf('reports', { isTilted, alpha }));
  if (!plain!.of || !tilted!.of) return { figure: 'no runs', reached: undefined };
  return {
    figure: `${chance(tilted!)} v. ${chance(plain!)}`,
    reached: tilted!.low <= plain!.high && plain!.low <= tilted!.high,
  };
}

function chance({ share, low, high, hits, of }: Share): string {
  return `${share.toExponential(1)} (${low.toExponential(1)} to ${high.toExponential(1)}; ${hits} alarms, ${of} updates)`;
}

function precisionGoals(results: Results): Goal[] {
  const { outcomes } = results;
  const guilty = outcomes.filter((each) => each.truth === 'guilty');
  const due = guilty.filter(isDue);
  const found = due.filter((each) => each.found);
  const benign = outcomes.filter((each) => each.truth === 'silent' && benignClasses.includes(each.class));
  const falsePages = benign.reduce((sum, each) => sum + each.falseAlarms, 0);
  // As many benign runs as guilty ones: what the mixed suite would give.
  const falseRate = benign.length === 0 ? 0 : falsePages / benign.length;
  const recall = shareOf(found.length, due.length);
  const precision = recall.share / (recall.share + falseRate);
  const benignRuns = shareOf(benign.filter((each) => each.falseAlarms > 0).length, benign.length);
  const watched = outcomes.reduce((sum, each) => sum + each.innocents, 0);
  const blamed = outcomes.reduce((sum, each) => sum + each.falseAlarms, 0);
  const perUpdate = shareOf(blamed, watched);
  const innocent = `${blamed} of ${watched} innocent updates in all runs blamed (at most ${perUpdate.high.toExponential(1)} an update)`;
  const [precisionAtField, ...others] = falseAlarmGoals(results, recall.share, blamed, innocent);
  return [
    {
      goal: 'precision, mixed suite (half benign)',
      wanted: '>= 99.5 %, no false page in >= 1,000 benign runs',
      figure: `${percent(precision)}; benign runs with a false page: ${said(benignRuns)}`,
      reached: benign.length === 0 ? undefined : precision >= 0.995 && falsePages === 0 && benign.length >= 1_000,
    },
    precisionAtField!,
    {
      goal: 'recall where a perfect detector has power >= .99',
      wanted: '>= 99.9 % on >= 3,000 guilty runs',
      figure: said(recall),
      reached: recall.of === 0 ? undefined : recall.share >= 0.999 && recall.of >= 3_000,
    },
    ...others,
  ];
}

function julyGoals(results: Results): Goal[] {
  const one = (name: string, goal: string, mostMs: number, mostShare: number, stretch: number): Goal => {
    const runs = results.of(name);
    const took = runs.map((each) => (each.found ? each.tookMs! : Infinity));
    const share = runs.map((each) => (each.found ? each.appliedShare! : 1));
    const reached = runs.length === 0 ? undefined : Math.max(...took) <= mostMs && Math.max(...share) <= mostShare;
    return {
      goal,
      wanted: `<= ${mostMs / 1000} s after 04:09:00, <= ${percent(mostShare)} applied (stretch: ${stretch} s)`,
      figure:
        runs.length === 0
          ? 'no runs'
          : `median ${spoken(quantile(took, 0.5))}, 95 % ${spoken(quantile(took, 0.95))}, most ${spoken(Math.max(...took))}; applied: median ${percent(quantile(share, 0.5))}, most ${percent(Math.max(...share))}; ${runs.length} runs`,
      reached,
    };
  };
  return [
    one('2', 'July 2024, 1 % of victims tell', 60_000, 0.015, 57),
    one('2b', 'July 2024, all victims tell', 30_000, 0.007, 21),
  ];
}

function timeGoals(results: Results): Goal[] {
  const ratios = ratiosOf(results.outcomes.filter(({ class: name }) => !['4', '26'].includes(name)));
  const [median, most] = [quantile(ratios, 0.5), quantile(ratios, 0.95)];
  const strong = results.of('1', '2', '2b').filter((each) => each.found);
  const reports = quantile(
    strong.map((each) => each.reportsAtAlarm!),
    0.5,
  );
  const ring = results.of('4').filter(({ hosts }) => hosts <= 1_000_000);
  const ringTook = ring.map((each) => (each.found ? each.tookMs! : Infinity));
  const late = results.of('26').filter(({ words }) => words.includes('3 h'));
  const lateTook = late.map((each) => (each.found ? each.afterHarmMs! : Infinity));
  const lateFloors = late.map(({ floor }) => (floor?.medianMs ?? Number.NaN) - 3 * 3_600_000);
  const smallest = results.of('smallest');
  const seen = shareOf(smallest.filter((each) => each.found).length, smallest.length);
  return [
    {
      goal: 'time to detect over the floor for the run',
      wanted: 'median <= 1.5, 95 % <= 3',
      figure:
        ratios.length === 0 ? 'no runs' : `median ${median.toFixed(2)}, 95 % ${most.toFixed(2)}; ${ratios.length} runs`,
      reached: ratios.length === 0 ? undefined : median <= 1.5 && most <= 3,
    },
    {
      goal: 'crashed hosts needed at the alarm, rate ratio >= 100',
      wanted: 'median <= 8',
      figure: strong.length === 0 ? 'no runs' : `median ${reports}; ${strong.length} runs`,
      reached: strong.length === 0 ? undefined : reports <= 8,
    },
    {
      goal: '1 % ring of 1 M hosts, y .5 %',
      wanted: '<= 10 min, always inside the ring',
      figure:
        ring.length === 0
          ? 'no runs'
          : `median ${spoken(quantile(ringTook, 0.5))}, 95 % ${spoken(quantile(ringTook, 0.95))}; floor ${spoken(ring[0]!.floor?.medianMs)}; inside the ring ${ring.filter((each) => each.found && each.appliedShare! <= 0.01).length} of ${ring.length}`,
      reached:
        ring.length === 0
          ? undefined
          : quantile(ringTook, 0.5) <= 600_000 && ring.every((each) => each.found && each.appliedShare! <= 0.01),
    },
    {
      goal: 'delayed effect, 3 h',
      wanted: '<= 5 min after the first crash that can be',
      figure:
        late.length === 0
          ? 'no runs'
          : `median ${spoken(quantile(lateTook, 0.5))}, 95 % ${spoken(quantile(lateTook, 0.95))}; floor: median ${spoken(quantile(lateFloors, 0.5))}, 95 % ${spoken(quantile(lateFloors, 0.95))}; ${late.length} runs`,
      reached: late.length === 0 ? undefined : quantile(lateTook, 0.95) <= 300_000,
    },
    {
      goal: 'smallest effect, 8.5 M hosts, own bucket, 4 h: y 1e-5',
      wanted: 'found with power .99',
      figure: said(seen),
      reached: seen.of === 0 ? undefined : seen.share >= 0.99,
    },
  ];
}

function blameGoals(results: Results): Goal[] {
  const apart = results.outcomes.filter(
    (each) => each.found && each.separableWanted === true && !['11', '11b'].includes(each.class),
  );
  const share = (outcomes: readonly Outcome[], isRight: (each: Outcome) => boolean) =>
    shareOf(outcomes.filter(isRight).length, outcomes.length);
  const isSaidSo = (each: Outcome) => each.found && each.separable === false && each.blameRight === true;
  const rows: Array<[string, number, Share]> = [
    ['blame, identifiable', 0.99, share(apart, isBlameRight)],
    ['blame, 90 % shared hosts', 0.97, share(results.of('11'), (each) => each.found && isBlameRight(each))],
    ['interaction pair found', 0.95, share(results.of('13'), (each) => each.found && each.blameRight === true)],
    ['blame, not identifiable: says so, both named', 1, share(results.of('12'), isSaidSo)],
  ];
  return rows.map(([goal, least, reached]) => ({
    goal,
    wanted: least === 1 ? '100 %' : `>= ${percent(least)}`,
    figure: said(reached),
    reached: reached.of === 0 ? undefined : reached.share >= least,
  }));
}

function lifeGoals(results: Results): Goal[] {
  const ended = results.of('28');
  const took = ended.map((each) => each.resolvedAfterMs ?? Infinity);
  const steady = shareOf(ended.filter(({ flaps }) => flaps === 0).length, ended.length);
  const poisoned = results.of('32');
  const safe = shareOf(poisoned.filter(({ wrong }) => wrong.length === 0).length, poisoned.length);
  const { shuffles, equal } = results.shuffles;
  return [
    {
      goal: 'resolve after the true end',
      wanted: '<= 15 min, no flap in 99.9 %',
      figure:
        ended.length === 0
          ? 'no runs'
          : `median ${spoken(quantile(took, 0.5))}, 95 % ${spoken(quantile(took, 0.95))}; without a flap ${said(steady)}`,
      reached: ended.length === 0 ? undefined : quantile(took, 0.95) <= 900_000 && steady.share >= 0.999,
    },
    {
      goal: 'poisoning by one organisation of at most 20 %',
      wanted: 'neither raises nor suppresses a global alarm in 100 %',
      figure: said(safe),
      reached: safe.of === 0 ? undefined : safe.share === 1,
    },
    {
      goal: 'backfill equality',
      wanted: 'equal to the bit in 100 % of 500 shuffles',
      figure: shuffles === 0 ? 'no runs' : `${equal} of ${shuffles}`,
      reached: shuffles === 0 ? undefined : equal === shuffles && shuffles >= 500,
    },
  ];
}

function calibrationGoals({ nulls }: Results): Goal[] {
  return [...nulls.values()].flatMap(({ kind, streams, passed, sumAtEnd }) => {
    if (kind === 'overdispersed') return [];
    const shown = alphas.slice(0, 3).map((alpha) => ({ alpha, share: shareOf(passed[alpha]!, streams) }));
    return [
      {
        goal: `calibration: innocent streams, rate ratio ${kind === 'boundary' ? '3 (the largest that is innocent)' : '1'}`,
        wanted: 'share with sup E >= 1/alpha at most alpha; mean E <= 1',
        figure: `${shown.map(({ alpha, share }) => `${alpha}: ${share.share.toExponential(1)}`).join(', ')}; mean E ${(sumAtEnd / streams).toPrecision(3)}; ${streams} streams`,
        reached: shown.every(({ alpha, share }) => share.low <= alpha),
      },
    ];
  });
}

export function goalTable(goals: readonly Goal[]): string {
  const mark = ({ reached }: Goal) =>
    reached === undefined ? 'not measured' : reached ? 'reached' : '**not reached**';
  return [
    '| goal | wanted | measured | |',
    '| --- | --- | --- | --- |',
    ...goals.map((goal) => `| ${goal.goal} | ${goal.wanted} | ${goal.figure} | ${mark(goal)} |`),
  ].join('\n');
}
