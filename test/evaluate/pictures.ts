import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adoptionAndCrashes, evidenceOverTime } from './report/plots';
import { colors, drawChart, line, svg, text } from './report/svg';
import { traceRun } from './report/trace';

const SECONDS = 180;
const SEED = 7;

/** Draws the pictures of docs/detection.md. */
export function drawPictures(folder: string): void {
  const trace = traceRun('10', SEED, SECONDS, 1);
  writeFileSync(join(folder, 'detection-adoption.svg'), drawChart(adoptionAndCrashes(trace, SECONDS)));
  writeFileSync(join(folder, 'detection-evidence.svg'), drawChart(evidenceOverTime(trace, SECONDS)));
  writeFileSync(join(folder, 'detection-compared.svg'), whoIsCompared());
}

const ROWS = 4;
const COLUMNS = 30;

/** Who is compared with whom: within one build and region, at one moment, hosts that have the update and hosts that have not. */
function whoIsCompared(): string {
  const strata = ['Windows 11, Europe', 'Windows 11, Americas', 'Windows 10, Europe'];
  const parts = strata.flatMap((name, row) => drawStratum(name, 60 + row * 105, [0.4, 0.15, 0.6][row]!, row));
  const legend = [
    dot(30, 385, colors.innocent) + text(42, 389, 'had taken the update'),
    dot(200, 385, colors.light) + text(212, 389, 'runs the channel, had not'),
    cross(400, 385) + text(412, 389, 'crashed in these 10 seconds'),
    `<circle cx="600" cy="385" r="4" fill="none" stroke="${colors.light}"/>` +
      text(612, 389, 'does not run it: left out'),
  ];
  return svg(760, 410, [
    text(30, 30, 'Compared within each group, at the same moment', 'font-size="15" font-weight="600"'),
    ...parts,
    ...legend,
  ]);
}

function drawStratum(name: string, top: number, share: number, row: number): string[] {
  const crashed = [new Set([3, 17, 41, 58]), new Set([9, 12]), new Set([22, 35, 70, 90, 7])][row]!;
  const treated = Math.round(ROWS * (COLUMNS - 6) * share);
  const dots = Array.from({ length: ROWS * COLUMNS }, (_, index) => {
    const [column, line] = [Math.floor(index / ROWS), index % ROWS];
    const [x, y] = [200 + column * 17, top + 12 + line * 18];
    if (column >= COLUMNS - 6) return `<circle cx="${x + 20}" cy="${y}" r="4" fill="none" stroke="${colors.light}"/>`;
    return dot(x, y, index < treated ? colors.innocent : colors.light) + (crashed.has(index) ? cross(x, y) : '');
  });
  const inside = [...crashed].filter((index) => index < treated).length;
  return [
    text(30, top + 24, name, 'font-weight="600"'),
    text(30, top + 42, `${(100 * share).toFixed(0)} % have it;`),
    text(30, top + 58, `of ${crashed.size} crashed, ${inside} had it`),
    line(30, top + 88, 730, top + 88, colors.light),
    ...dots,
  ];
}

function dot(x: number, y: number, color: string): string {
  return `<circle cx="${x}" cy="${y}" r="5" fill="${color}"/>`;
}

function cross(x: number, y: number): string {
  return (
    line(x - 6, y - 6, x + 6, y + 6, colors.guilty, false, 2.5) +
    line(x - 6, y + 6, x + 6, y - 6, colors.guilty, false, 2.5)
  );
}
