import { alarmLine, defaultPolicy } from '@ringwatch/detection';
import { isDue } from '../suite/judge-run';
import { shareOf } from '../suite/interval';
import { alphas } from '../suite/nulls';
import type { Results } from './results';
import { Chart, colors } from './svg';
import type { Trace } from './trace';

const line = alarmLine(defaultPolicy);

/** Each found run: what it took against what a perfect detector would need. */
export function timeAgainstFloor({ outcomes }: Results): Chart {
  const runs = outcomes.filter(
    (each) => each.found && each.floor && isDue(each) && each.tookMs! > 0 && each.class !== '26',
  );
  const ends: Array<[number, number]> = [
    [1, 1],
    [10_000, 10_000],
  ];
  return {
    title: 'Time to detect against the floor, seconds; one dot a run',
    x: { title: 'median of a perfect detector for the run', from: 1, to: 10_000, log: true },
    y: { title: 'this detector', from: 1, to: 10_000, log: true },
    series: [
      {
        name: 'runs',
        kind: 'dots',
        color: colors.innocent,
        points: runs.map((each) => [each.floor!.medianMs / 1000, each.tookMs! / 1000]),
      },
      { name: 'the floor', kind: 'line', color: colors.ink, points: ends },
      {
        name: '1.5 times',
        kind: 'line',
        color: colors.guilty,
        dashed: true,
        points: ends.map(([a, b]) => [a, 1.5 * b]),
      },
      { name: '3 times', kind: 'line', color: colors.line, dashed: true, points: ends.map(([a, b]) => [a, 3 * b]) },
    ],
  };
}

/** The evidence against the suspect and against the most suspicious innocent update of the same run. */
export function evidenceOverTime(trace: Trace, seconds: number): Chart {
  return {
    title: `Evidence against its line; ${trace.plan.words}`,
    x: { title: 'seconds after the suspect was shipped', from: 0, to: seconds },
    y: { title: 'ln E', from: -10, to: 50 },
    series: [
      { name: 'the guilty update', kind: 'steps', color: colors.guilty, points: trace.suspect },
      { name: 'the most suspicious innocent one', kind: 'steps', color: colors.innocent, points: trace.innocent },
      {
        name: 'the line, ln 1,000,000',
        kind: 'line',
        color: colors.line,
        dashed: true,
        points: [
          [0, line],
          [seconds, line],
        ],
      },
    ],
    marks: trace.alarmAt === undefined ? [] : [[trace.alarmAt, `alarm after ${trace.alarmAt} s`]],
  };
}

/** The share of innocent streams whose evidence ever passed 1/alpha. */
export function nullCalibration({ nulls }: Results): Chart {
  const of = (kind: 'boundary' | 'alike' | 'overdispersed', name: string, color: string) => {
    const found = nulls.get(kind);
    const points = alphas
      .map((alpha): [number, number] => [alpha, found ? found.passed[alpha]! / found.streams : 0])
      .filter(([, share]) => share > 0);
    return { name, kind: 'line' as const, color, points };
  };
  return {
    title: 'Innocent streams whose E ever passed 1/alpha: all must lie below the diagonal',
    x: { title: 'alpha', from: 1e-6, to: 0.1, log: true },
    y: { title: 'share of streams', from: 1e-6, to: 1, log: true },
    series: [
      {
        name: 'alpha',
        kind: 'line',
        color: colors.ink,
        dashed: true,
        points: [
          [1e-6, 1e-6],
          [0.1, 0.1],
        ],
      },
      of('boundary', 'ratio 3', colors.guilty),
      of('alike', 'ratio 1', colors.innocent),
      of('overdispersed', 'ratio 1, overdispersed', colors.line),
    ],
  };
}

/** How often an effect is found, by its size, beside what a perfect detector would find. */
export function powerCurve({ outcomes }: Results): Chart {
  const runs = outcomes.filter((each) => each.class === 'power');
  const sizes = [...new Set(runs.map(({ words }) => words))].map((words) =>
    runs.filter((each) => each.words === words),
  );
  const yOf = (words: string) => Number(/y ([\d.e-]+)/.exec(words)?.[1]);
  const sorted = sizes.sort((a, b) => yOf(a[0]!.words) - yOf(b[0]!.words));
  return {
    title: 'Found within an hour, by the share of hosts that the update crashes (1 million hosts over 78 min)',
    x: { title: 'share of hosts that crash', from: 1e-5, to: 1e-3, log: true },
    y: { title: 'share of runs', from: 0, to: 1 },
    series: [
      {
        name: 'this detector',
        kind: 'line',
        color: colors.guilty,
        points: sorted.map((each) => [
          yOf(each[0]!.words),
          shareOf(each.filter(({ found }) => found).length, each.length).share,
        ]),
      },
      {
        name: 'a perfect one',
        kind: 'line',
        color: colors.ink,
        dashed: true,
        points: sorted.map((each) => [yOf(each[0]!.words), each[0]!.floor?.power ?? 0]),
      },
    ],
  };
}

/** Who has the update, and who crashed. */
export function adoptionAndCrashes(trace: Trace, seconds: number): Chart {
  const most = Math.max(1, ...trace.reported.map(([, hosts]) => hosts));
  const share = Math.max(...trace.adoption.map(([, each]) => each));
  return {
    title: `Adoption and reported crashes; ${trace.plan.words}`,
    x: { title: 'seconds after the update was shipped', from: 0, to: seconds },
    y: { title: 'crashed hosts reported', from: 0, to: most },
    series: [
      { name: 'hosts reported as crashed', kind: 'steps', color: colors.guilty, points: trace.reported },
      {
        name: `hosts that have it, scaled: ${(100 * share).toFixed(1)} % of the fleet at the right edge`,
        kind: 'line',
        color: colors.innocent,
        points: trace.adoption.map(([time, each]) => [time, (each / share) * most]),
      },
    ],
    marks: trace.alarmAt === undefined ? [] : [[trace.alarmAt, `alarm after ${trace.alarmAt} s`]],
  };
}
