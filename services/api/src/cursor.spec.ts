import fc from 'fast-check';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageOf } from './cursor';
import { Problem } from './problem';

const shape = z.tuple([z.number().int(), z.string()]);

describe('cursors', () => {
  it('come back as they went, whatever is in the key', () =>
    fc.assert(
      fc.property(fc.integer(), fc.string({ unit: 'grapheme' }), (ms, key) => {
        expect(decodeCursor(encodeCursor([ms, key]), shape)).toEqual([ms, key]);
      }),
    ));

  it.each(['', 'x', 'bnVsbA', encodeCursor(['a', 1]), encodeCursor([1, 'a', 2])])('refuses %j', (cursor) => {
    expect(() => decodeCursor(cursor, shape)).toThrow(Problem);
  });

  it.each([
    { rows: [1, 2, 3], limit: 2, page: [1, 2], more: true },
    { rows: [1, 2], limit: 2, page: [1, 2], more: false },
    { rows: [], limit: 2, page: [], more: false },
  ])('cuts $rows after $limit', ({ rows, limit, page, more }) => {
    const cut = pageOf<number>(rows, limit, (last) => [last]);
    expect(cut.page).toEqual(page);
    expect(cut.nextCursor).toBe(more ? encodeCursor([2]) : null);
  });
});
