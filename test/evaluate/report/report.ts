import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '@ringwatch/detection';
import { leftOut } from '../classes/left-out';
import { storedTable } from '../stored/play-all';
import { STORED_HOSTS, type StoredRun } from '../stored/play-stored';
import { REPORT_SEEDS } from '../suite/job';
import { ClassRow, tableOf } from './class-row';
import { goalTable, goalsOf } from './goals';
import { evidenceOverTime, nullCalibration, powerCurve, timeAgainstFloor } from './plots';
import type { Results } from './results';
import { Chart, drawChart } from './svg';
import { traceRun } from './trace';

/** Writes the report, its pictures, and the figures of each beside it. */
export function writeReport(
  folder: string,
  results: Results,
  { rows, stored }: { rows: readonly ClassRow[]; stored: readonly StoredRun[] },
  run: { seed: number; tookMs: number },
): void {
  const seconds = 200;
  const charts: Array<[name: string, chart: Chart]> = [
    ['time-against-floor', timeAgainstFloor(results)],
    ['evidence', evidenceOverTime(traceRun('10', REPORT_SEEDS, seconds, 1), seconds)],
    ['power', powerCurve(results)],
    ['nulls', nullCalibration(results)],
  ];
  for (const [name, chart] of charts) {
    writeFileSync(join(folder, `${name}.svg`), drawChart(chart));
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(chart)}\n`);
  }
  const goals = goalsOf(results);
  writeFileSync(join(folder, 'goals.json'), `${JSON.stringify(goals, undefined, 2)}\n`);
  writeFileSync(
    join(folder, 'classes.json'),
    `${JSON.stringify(
      rows.map(({ failing, ...row }) => ({ ...row, failing: failing.length })),
      undefined,
      2,
    )}\n`,
  );
  writeFileSync(join(folder, 'report.md'), textOf(results, { rows, stored }, run, charts));
}

function textOf(
  results: Results,
  { rows, stored }: { rows: readonly ClassRow[]; stored: readonly StoredRun[] },
  run: { seed: number; tookMs: number },
  charts: ReadonlyArray<[string, Chart]>,
): string {
  const goals = goalsOf(results);
  const missed = goals.filter(({ reached }) => reached === false).length;
  const failing = rows.flatMap((row) => row.failing.map((outcome) => ({ row, outcome })));
  return `# Evaluation of the detector

Made by \`npm run evaluate\`: ${results.outcomes.length} runs, ${Math.round(run.tookMs / 60_000)} minutes on ${cpus().length} cores (${cpus()[0]?.model ?? ''}).
${goals.filter(({ reached }) => reached === true).length} goals are reached, ${missed} are not, ${goals.filter(({ reached }) => reached === undefined).length} are not measured here.

**What was run.** Evidence as the store would give it, straight into \`libs/detection\` and \`libs/incident\`, tick by tick of arrival
time; no store. Fleets of 2,000 to 8.5 million hosts with 20 organisations of Zipf sizes; 5 to 200 innocent updates under
way; crashes at .005 a host and day over 41 drivers; reports arrive after a reboot (lognormal, median 180 s, sigma 1) or at
once where a run says so. Installs arrive after 2 s. In classes 1, 25, 26, 34, 38 and the benign ones the usual crashes
of 15 days before are known; in the others nothing of the time before is.

**How runs are allotted.** By what a run costs, so that an hour holds as many as goals ask for: of classes whose runs take a
second or less hundreds, of dear ones (the largest fleets, many organisations looked at for hours) fewer, down to 8. Fleet sizes and
other parameters of a class come in turn; all classes advance at the same pace, so that a report that is cut short has fewer of each.
Of innocent updates of class 36 ${innocentUpdates(results)} were played, besides the runs.

**Class 36.** An innocent update with 20 kinds of failure, while hosts of one organisation's site crash within a minute of each other: all of a clump have
the update or none has, and counts of hosts have 1.5 to 4 times the variance of chance. Steps of 3 minutes for 2 hours, 0 to all hosts reached, some 20 crashed
hosts in each kind; fleet of 524,288 hosts, one in 32 followed. What the product decides is counted, guards and all; alarms are drawn likelier than they are and
weighed by the likelihood ratio at the alarm (Siegmund 1976), intervals normal. The bare channel is one stream of counts with the same variance and no guards.

**Seeds.** Settings and thresholds were chosen on seeds below ${REPORT_SEEDS}; this report's seeds begin at ${run.seed}.${seenBefore(run.seed)} Its runs also take
values that no tuning run has: logistic and bursty adoption, Weibull crash delays with a heavy tail, heavier organisations
(exponent 1.3). Policy: alpha ${defaultPolicy.alpha}, innocent up to a ratio of ${defaultPolicy.minRelativeRisk}, at least ${defaultPolicy.minHosts} hosts of ${defaultPolicy.minOrgs} organisations.

**Time to detect** is the tick (arrival time) that opened the incident minus the first apply of the guilty update. **Floor**: the
median time that MaxSPRT with a known base rate, alpha 1e-6 and at least 5 hosts needs for the run's fleet, adoption, share of
crashing hosts and delays (\`test/evaluate/floor\`, held against published tables). A run *must be found* where that perfect
detector finds it with a chance of 0.99. What is not found within 12 times the floor is counted as not found.

## Goals

Intervals are exact 95 % intervals (Clopper and Pearson).

${goalTable(goals)}

## Classes

${tableOf(rows)}

${leftOut}

## Through the backtest

Each class on a fleet of ${STORED_HOSTS} hosts: every host, install and crash written to files and taken through \`libs/backtest\`, ClickHouse
included, against the same run straight into the detector's memory. On so few hosts many guilty updates cannot be found; what
counts is that both say the same.

${storedTable(stored)}

## Pictures

${charts.map(([name, { title }]) => `![${title}](${name}.svg)`).join('\n\n')}

## Runs that did not come out as they must

${failing.length === 0 ? 'None.' : failingText(failing)}
`;
}

function innocentUpdates({ nullUpdates }: Results): number {
  return nullUpdates.reduce((sum, { updates }) => sum + updates, 0);
}

const SHOWN = 40;

function failingText(
  failing: ReadonlyArray<{ outcome: { class: string; seed: number; words: string; wrong: string[] } }>,
): string {
  const lines = failing
    .slice(0, SHOWN)
    .map(
      ({ outcome: { class: name, seed, words, wrong } }) =>
        `- class ${name}, ${words}: ${wrong.join('; ')} - \`npm run evaluate -- --class ${name} --seed ${seed} --runs 1\``,
    );
  const rest = failing.length - lines.length;
  return `${lines.join('\n')}${rest > 0 ? `\n- and ${rest} more, in \`runs.jsonl\`` : ''}`;
}

/** Seeds between are spent: whoever mends what an evaluation shows has to draw others for the next. */
function seenBefore(seed: number): string {
  if (seed === REPORT_SEEDS) return '';
  return ` Those from ${REPORT_SEEDS} to ${seed - 1} were drawn for evaluations before it, and what they showed was mended since.`;
}
