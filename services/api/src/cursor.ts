import { z } from 'zod';
import { Problem } from './problem';

/** A cursor is the sort key of the last row that was read, in a form that asks for no understanding. */
export function encodeCursor(position: ReadonlyArray<string | number>): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Reads a cursor of ours back. @throws Problem 400 for anything else. */
export function decodeCursor<Shape extends z.ZodType>(cursor: string, shape: Shape): z.infer<Shape> {
  const parsed = shape.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (parsed.success) return parsed.data;
  const message = 'wanted the next_cursor of the page before, got something else';
  throw new Problem('invalid_request', `cursor: ${message}`, {
    errors: [{ path: 'cursor', code: 'invalid_format', message }],
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of rows that were read with one more than asked for: the page, and where the next one begins (null at the end). */
export function pageOf<Row>(
  rows: Row[],
  limit: number,
  positionOf: (last: Row) => ReadonlyArray<string | number>,
): { page: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
}
