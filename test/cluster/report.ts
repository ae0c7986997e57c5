import { setTimeout as sleep } from 'node:timers/promises';

/** What was seen, figure by figure. `lost` and what begins with `differs` have to be 0. */
export type Report = Record<string, number>;

export function table(report: Report): string {
  const width = Math.max(...Object.keys(report).map((name) => name.length));
  return Object.entries(report)
    .map(([name, figure]) => `  ${name.padEnd(width)}  ${figure.toLocaleString('en')}`)
    .join('\n');
}

export const isGood = (report: Report) =>
  Object.entries(report).every(([name, figure]) => !/^(lost|differs)/.test(name) || figure === 0);

/** Acts once a figure has come so far. */
export async function whenAt(figure: () => number, wanted: number, act: () => Promise<void>): Promise<void> {
  while (figure() < wanted) await sleep(50);
  await act();
}
