type Cell = string | number | boolean | Date | null | undefined;

/**
 * Rows as RFC 4180: CRLF, quotes where they are needed. Text that a spreadsheet would take for a formula gets an apostrophe
 * in front: a driver's name comes from a host and may be anything.
 */
export function toCsv(columns: readonly string[], rows: ReadonlyArray<Record<string, Cell>>): string {
  const lines = [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))];
  return `${lines.join('\r\n')}\r\n`;
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Whether CSV is asked for: `format` says so, or, without it, the Accept header prefers it. */
export function wantsCsv(format: 'json' | 'csv' | undefined, accept: string | undefined): boolean {
  if (format !== undefined) return format === 'csv';
  const types = (accept ?? '').split(',').map((type) => type.split(';')[0]!.trim().toLowerCase());
  const csv = types.indexOf('text/csv');
  const json = types.findIndex((type) => type === 'application/json' || type === '*/*');
  return csv >= 0 && (json < 0 || csv < json);
}

/** What of a reply says that it is CSV. */
export interface CsvReply {
  type(type: string): void;
  attachment(name: string): void;
  setHeader(name: string, value: string): void;
}

/** Sends rows as a file of this name; `next` is the address of the page after it, undefined where it is the last. */
export function replyInCsv(
  reply: CsvReply,
  {
    name,
    next,
    columns,
    rows,
  }: { name: string; next?: string; columns: readonly string[]; rows: ReadonlyArray<Record<string, Cell>> },
): string {
  if (next !== undefined) reply.setHeader('Link', `<${next}>; rel="next"`);
  reply.attachment(name);
  reply.type('text/csv; charset=utf-8; header=present');
  return toCsv(columns, rows);
}

/** The address of the next page: the same question with its cursor. */
export function nextCsvPage(path: string, query: object, cursor: string | null): string | undefined {
  if (cursor === null) return undefined;
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, format: 'csv', cursor }))
    for (const each of [value].flat()) if (each !== undefined) next.append(name, String(each));
  return `${path}?${next}`;
}
