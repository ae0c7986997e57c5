/** A Markdown table; all cells but those of the first column are to the right. */
export function markdownTable(heads: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = heads.map((_, at) => (at === 0 ? '---' : '---:'));
  return [line(heads), line(rule), ...rows.map(line)].join('\n');
}

/** The middle value of some, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? NaN) + (high ?? NaN)) / 2;
}

export const thousands = (value: number) => Math.round(value).toLocaleString('en');
export const megabytes = (bytes: number) => thousands(bytes / 1024 ** 2);

/** "median (least-most)", or the value alone where there is one. */
export function spread(values: readonly number[], format: (value: number) => string): string {
  if (values.length < 2) return values.map(format).join();
  return `${format(median(values))} (${format(Math.min(...values))}-${format(Math.max(...values))})`;
}
