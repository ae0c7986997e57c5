/** Where a command writes: results to `out`, everything else to `err`. */
export interface Output {
  out: (text: string) => void;
  err: (text: string) => void;
}

/** Wrong usage: told with a hint at --help, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What control characters, from whatever a producer sent, are shown as. */
const CONTROL = /[\p{Cc}\p{Cf}]/gu;

/** Rows as a table for people: columns as wide as their widest value, numbers to the right. No rows, no table. */
export function table(header: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number>>): string {
  if (rows.length === 0) return '';
  const lines = [header, ...rows].map((row) => row.map((value) => String(value).replace(CONTROL, '\ufffd')));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isNumber = header.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const toLine = (line: readonly string[]) =>
    line
      .map((value, column) =>
        isNumber[column] ? value.padStart(widths[column] ?? 0) : value.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return `${lines.map(toLine).join('\n')}\n`;
}

/** At most one line a second on stderr, so that a long piece of work is seen to go on. */
export function progress(err: Output['err'], now: () => number = Date.now): (text: string) => void {
  let saidAt = 0;
  return (text) => {
    if (now() - saidAt < 1_000) return;
    saidAt = now();
    err(`${text}\n`);
  };
}
